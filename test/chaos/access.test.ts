import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { Client } from 'pg';
import { startPlatform, type Platform } from '../../tools/stack/platform.ts';
import { removeTemporaryHome, temporaryHome } from '../../tools/stack/servers/temporary-home.ts';

/** Real: a whole platform with two instances of auth. Fake: nothing that is asked here. */
let home: string;
let platform: Platform;
let owner: string;

/** What is decided is in force everywhere within this time. */
const inForceMs = 2_000;

jest.setTimeout(90_000);

beforeAll(async () => {
  home = await temporaryHome();
  platform = await startPlatform({
    home,
    env: { SIGNING_KEY_LEAD_S: '10', API_KEY_TOKEN_TTL_S: '15', USER_REQUESTS_PER_MINUTE: '1000000' },
  });
  await platform.scale('auth', 2);
  owner = await login(platform.adminEmail, platform.adminPassword);
}, 240_000);

afterAll(async () => {
  await platform.stop();
  removeTemporaryHome(home);
}, 60_000);

async function ask(method: string, path: string, credential?: string, body?: object) {
  const response = await fetch(platform.url + path, {
    method,
    headers: {
      ...(credential !== undefined && { authorization: `Bearer ${credential}` }),
      ...(body && { 'content-type': 'application/json' }),
    },
    ...(body && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, body: (text === '' ? {} : JSON.parse(text)) as Record<string, unknown> };
}

const login = async (email: string, password: string) =>
  String((await ask('POST', '/v1/auth/login', undefined, { email, password })).body['access_token']);
const newKey = async () =>
  (await ask('POST', '/v1/api-keys', owner, { name: 'traffic', requests_per_minute: 1_000_000 })).body as {
    readonly id: string;
    readonly key: string;
  };

interface Call {
  readonly path: string;
  readonly status: number;
  readonly startedAt: number;
  readonly endedAt: number;
}

/** One of each service that has something to read. */
const everyService = [
  '/v1/models',
  '/v1/auth/me',
  '/v1/sessions',
  '/v1/experts',
  '/v1/mcp/servers',
  '/v1/analytics/usage',
];

/** Asks for the paths in turn, without pause, until told to stop; then answers every call that was made. */
function traffic(credential: string, paths: readonly string[] = everyService): { end(): Promise<Call[]> } {
  const calls: Call[] = [];
  const over = new AbortController();
  const made = (async () => {
    for (let turn = 0; !over.signal.aborted; turn += 1) {
      const path = paths[turn % paths.length] ?? '';
      const startedAt = Date.now();
      const { status } = await ask('GET', path, credential);
      calls.push({ path, status, startedAt, endedAt: Date.now() });
    }
  })();
  return {
    end: async () => {
      over.abort();
      await made;
      return calls;
    },
  };
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const statuses = (calls: readonly Call[]): number[] => [...new Set(calls.map(({ status }) => status))];
/** Calls that had ended before a change was asked for, and those that began once it must be in force. */
const before = (calls: readonly Call[], at: number) => calls.filter(({ endedAt }) => endedAt < at);
const after = (calls: readonly Call[], at: number) => calls.filter(({ startedAt }) => startedAt > at + inForceMs);

async function inDatabase(text: string): Promise<void> {
  const database = new URL(platform.env['PARLEY_DATABASE_URL'] ?? '');
  database.pathname = '/parley_auth';
  const sql = new Client({ connectionString: database.href });
  await sql.connect();
  await sql.query(text).finally(() => sql.end());
}

const keyIdOf = (token: string): unknown =>
  (JSON.parse(Buffer.from(token.split('.')[0] ?? '', 'base64url').toString()) as { kid: unknown }).kid;

describe('under traffic', () => {
  it('signing keys rotate when their time has come, and no request fails for it', async () => {
    const { key } = await newKey();
    const old = await login(platform.adminEmail, platform.adminPassword);
    const callers = [traffic(key), traffic(old)];

    await inDatabase(`update signing_keys set created_at = created_at - interval '40 days',
      activates_at = activates_at - interval '40 days'`);
    let fresh = old;
    const deadline = Date.now() + 30_000;
    while (keyIdOf(fresh) === keyIdOf(old) && Date.now() < deadline) {
      await pause(1_000);
      fresh = await login(platform.adminEmail, platform.adminPassword);
    }
    callers.push(traffic(fresh));
    // Long enough for the edge to exchange the key anew, and so for tokens of both signing keys to pass side by side.
    await pause(8_000);

    expect(keyIdOf(fresh)).not.toBe(keyIdOf(old));
    for (const caller of callers) {
      const calls = await caller.end();
      expect(calls.length).toBeGreaterThan(everyService.length);
      expect(statuses(calls)).toEqual([200]);
    }
  });

  it('a revoked key is refused by every service within 2 s, and another one never', async () => {
    const [revoked, kept] = [await newKey(), await newKey()];
    const [refused, passing] = [traffic(revoked.key), traffic(kept.key)];
    await pause(1_000);

    const askedAt = Date.now();
    expect((await ask('DELETE', `/v1/api-keys/${revoked.id}`, owner)).status).toBe(204);
    const answeredAt = Date.now();
    await pause(inForceMs + 1_500);

    const calls = await refused.end();
    expect(statuses(before(calls, askedAt))).toEqual([200]);
    expect(after(calls, answeredAt).length).toBeGreaterThan(everyService.length);
    expect(statuses(after(calls, answeredAt))).toEqual([401]);
    expect(statuses(await passing.end())).toEqual([200]);
  });

  it('a changed role is in force within 2 s for tokens that are out, and what it still allows never fails', async () => {
    const user = { email: 'traffic@example.com', password: 'a password that nobody guesses' };
    const { id } = (await ask('POST', '/v1/users', owner, { ...user, role: 'developer' })).body;
    const token = await login(user.email, user.password);
    const [allowed, asked] = [traffic(token, ['/v1/models', '/v1/sessions']), traffic(token, ['/v1/api-keys'])];
    const become = async (role: string) => {
      expect((await ask('PATCH', `/v1/users/${String(id)}`, owner, { role })).status).toBe(200);
      return Date.now();
    };
    await pause(1_000);

    const lowered = await become('viewer');
    await pause(inForceMs + 1_000);
    const raised = await become('developer');
    await pause(inForceMs + 1_000);

    const calls = await asked.end();
    expect(statuses(after(calls, lowered).filter(({ endedAt }) => endedAt < raised))).toEqual([403]);
    expect(statuses(after(calls, raised))).toEqual([200]);
    expect(statuses(calls).sort()).toEqual([200, 403]);
    expect(statuses(await allowed.end())).toEqual([200]);
  });
});
