import { setTimeout as sleep } from 'node:timers/promises';
import { StackFailure } from './failure.ts';

/** What each service answers through the edge, the identity of the key included. */
const paths: Readonly<Record<string, string>> = {
  auth: '/v1/auth/me',
  gateway: '/v1/models',
  sessions: '/v1/sessions',
  experts: '/v1/experts',
  'mcp-hub': '/v1/mcp/servers',
  analytics: '/v1/analytics/usage',
};

/** For services that are ready to be found by one another, through Consul's checks. */
const withinMs = 60_000;
const intervalMs = 100;

/** Waits until a client with the key is served through the edge by every service, or by the one that is named. */
export async function untilServed(url: string, apiKey: string, service?: string): Promise<void> {
  const deadline = Date.now() + withinMs;
  const asked = Object.entries(paths).filter(([name]) => service === undefined || name === service);
  // First the services as they find one another.
  for (const path of ['/health', ...asked.map(([, path]) => path)]) {
    for (;;) {
      const failure = await ask(url + path, apiKey);
      if (failure === undefined) break;
      if (Date.now() > deadline) {
        throw new StackFailure(`All services run, but ${url}${path} does not serve: ${failure}. Their logs say more.`);
      }
      await sleep(intervalMs);
    }
  }
}

/** A model provider that refuses is no failure of the platform. */
async function ask(url: string, apiKey: string): Promise<string | undefined> {
  try {
    const response = await fetch(url, {
      headers: { authorization: `Bearer ${apiKey}` },
      signal: AbortSignal.timeout(5_000),
    });
    const text = await response.text();
    return response.ok || text.includes('"provider.') ? undefined : `${response.status} ${text.slice(0, 200)}`;
  } catch (error) {
    return String(error);
  }
}
