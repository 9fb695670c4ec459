import type { Platform } from '../../tools/stack/platform.ts';

/** Makes the token of a key live for longer than a run. */
export const longTokens = { API_KEY_TOKEN_TTL_S: '600' } as const;

export interface BenchKey {
  readonly id: string;
  readonly key: string;
}

/** A key of the run's own, so that what is recorded for it is the run's. */
export const newKey = ({ url, apiKey }: Platform): Promise<BenchKey> =>
  ask<BenchKey>(`${url}/v1/api-keys`, apiKey, { name: 'bench', requests_per_minute: 1_000_000 });

/** What the edge gives a service in the key's place. */
export async function tokenOf(platform: Platform, { key }: BenchKey): Promise<string> {
  const exchange = `${platform.service('auth').url}/internal/auth/exchange`;
  return (await ask<{ access_token: string }>(exchange, platform.apiKey, { api_key: key })).access_token;
}

/** What analytics has on record for a key. */
export const recordOf = <Report>({ url, apiKey }: Platform, { id }: BenchKey, report: 'usage' | 'tools') =>
  ask<Report>(`${url}/v1/analytics/${report}?api_key_id=${id}`, apiKey);

/** Posts a body, or gets where there is none. @throws Error for an answer that is not 2xx */
export async function ask<Answer>(url: string, credential: string, body?: object): Promise<Answer> {
  const response = await fetch(url, {
    method: body ? 'POST' : 'GET',
    headers: { authorization: `Bearer ${credential}`, ...(body && { 'content-type': 'application/json' }) },
    ...(body && { body: JSON.stringify(body) }),
  });
  if (!response.ok) throw new Error(`${url} answers ${response.status}: ${await response.text()}`);
  return (await response.json()) as Answer;
}
