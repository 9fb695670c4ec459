import type { Platform } from '../../../tools/stack/platform.ts';

/** Makes the token of a key live for longer than a run. */
export const longTokens = { API_KEY_TOKEN_TTL_S: '600' } as const;

export interface BenchKey {
  readonly id: string;
  readonly key: string;
  /** What the edge gives a service in the key's place. */
  readonly token: string;
}

/** A key of the run's own, so that what is recorded for it is the run's. */
export async function newKey(platform: Platform): Promise<BenchKey> {
  const { url, apiKey } = platform;
  const { id, key } = await ask<{ id: string; key: string }>(`${url}/v1/api-keys`, apiKey, {
    name: 'bench',
    requests_per_minute: 1_000_000,
  });
  const exchange = `${platform.service('auth').url}/internal/auth/exchange`;
  const { access_token: token } = await ask<{ access_token: string }>(exchange, apiKey, { api_key: key });
  return { id, key, token };
}

export const callsOf = async ({ url, apiKey }: Platform, { id }: BenchKey): Promise<number> =>
  (await ask<{ calls: number }>(`${url}/v1/analytics/tools?api_key_id=${id}`, apiKey)).calls;

async function ask<Answer>(url: string, apiKey: string, body?: object): Promise<Answer> {
  const response = await fetch(url, {
    method: body ? 'POST' : 'GET',
    headers: { authorization: `Bearer ${apiKey}`, ...(body && { 'content-type': 'application/json' }) },
    ...(body && { body: JSON.stringify(body) }),
  });
  if (!response.ok) throw new Error(`${url} answers ${response.status}: ${await response.text()}`);
  return (await response.json()) as Answer;
}
