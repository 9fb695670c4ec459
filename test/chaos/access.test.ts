import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { eventually, headerOf } from '@parley/testing';
import { startPlatform, type Platform } from '../../tools/stack/platform.ts';
import { databaseOf, query } from '../database.ts';
import { statusesOf, traffic, type Call } from './traffic.ts';

/** Real: a whole platform with two instances of auth. Fake: nothing that is asked here. */
let platform: Platform;
let owner: string;

/** What is decided is in force everywhere within this time. */
const inForceMs = 2_000;

jest.setTimeout(90_000);

beforeAll(async () => {
  platform = await startPlatform({
    env: { SIGNING_KEY_LEAD_S: '10', API_KEY_TOKEN_TTL_S: '15', USER_REQUESTS_PER_MINUTE: '1000000' },
  });
  await platform.scale('auth', 2);
  owner = await login(platform.adminEmail, platform.adminPassword);
}, 240_000);

afterAll(() => platform.stop(), 60_000);

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

/** One of each service that has something to read. */
const everyService = [
  '/v1/models',
  '/v1/auth/me',
  '/v1/sessions',
  '/v1/experts',
  '/v1/mcp/servers',
  '/v1/analytics/usage',
];

/** Asks for the paths in turn. */
const reading = (credential: string, paths: readonly string[] = everyService) =>
  traffic(1, async (_, turn) => (await ask('GET', paths[turn % paths.length] ?? '', credential)).status);

/** Calls that had ended before a change was asked for, and those that began once it must be in force. */
const before = (calls: readonly Call[], at: number) => calls.filter(({ endedAt }) => endedAt < at);
const after = (calls: readonly Call[], at: number) => calls.filter(({ startedAt }) => startedAt > at + inForceMs);

/** How a user who may list keys comes to be one who may not, and back; answers when that was decided. */
type Become = (may: boolean) => Promise<number>;

const user = (name: string) => ({ email: `${name}@example.com`, password: 'a password that nobody guesses' });

async function changed(path: string, body: object): Promise<number> {
  expect((await ask('PATCH', path, owner, body)).status).toBe(200);
  return performance.now();
}

/** The user gets another role. */
async function byRole(): Promise<Become> {
  const { id } = (await ask('POST', '/v1/users', owner, { ...user('by-role'), role: 'developer' })).body;
  return (may) => changed(`/v1/users/${String(id)}`, { role: may ? 'developer' : 'viewer' });
}

/** The user's role gets other permissions. */
async function byPermissions(): Promise<Become> {
  const role = { name: 'lister', inherits: 'viewer', permissions: ['api_keys:read'] };
  expect((await ask('POST', '/v1/roles', owner, role)).status).toBe(201);
  expect((await ask('POST', '/v1/users', owner, { ...user('by-permissions'), role: role.name })).status).toBe(201);
  return (may) => changed('/v1/roles/lister', { permissions: may ? role.permissions : [] });
}

describe('under traffic', () => {
  it('signing keys rotate when their time has come, and no request fails for it', async () => {
    const { key } = await newKey();
    const old = await login(platform.adminEmail, platform.adminPassword);
    const callers = [reading(key), reading(old)];

    await query(
      databaseOf(platform.env, 'auth'),
      `update signing_keys set created_at = created_at - interval '40 days',
       activates_at = activates_at - interval '40 days'`,
    );
    const fresh = await eventually(
      async () => {
        const token = await login(platform.adminEmail, platform.adminPassword);
        expect(headerOf(token).kid).not.toBe(headerOf(old).kid);
        return token;
      },
      { timeoutMs: 30_000, intervalMs: 1_000 },
    );
    callers.push(reading(fresh));
    // By then the edge has exchanged the key anew, so that tokens of both signing keys have passed side by side.
    const exchangedAnew = performance.now() + 8_000;

    for (const caller of callers) await caller.untilSince(exchangedAnew, everyService.length);
    for (const caller of callers) expect(statusesOf(await caller.stop())).toEqual([200]);
  });

  it('an API key is renewed, and neither the old secret nor the new one fails', async () => {
    const { id, key } = await newKey();
    const callers = [reading(key)];
    const renewed = await ask('POST', `/v1/api-keys/${id}/rotate`, owner, { overlap_s: 600 });
    callers.push(reading(String(renewed.body['key'])));
    const renewedAt = performance.now();

    for (const caller of callers) await caller.untilSince(renewedAt + inForceMs, everyService.length);
    for (const caller of callers) expect(statusesOf(await caller.stop())).toEqual([200]);
  });

  it('a revoked key is refused by every service within 2 s, and another one never', async () => {
    const [revoked, kept] = [await newKey(), await newKey()];
    const [refused, passing] = [reading(revoked.key), reading(kept.key)];
    await refused.untilSince(0, everyService.length);

    const askedAt = performance.now();
    expect((await ask('DELETE', `/v1/api-keys/${revoked.id}`, owner)).status).toBe(204);
    const answeredAt = performance.now();
    await refused.untilSince(answeredAt + inForceMs, everyService.length);

    const calls = await refused.stop();
    expect(statusesOf(before(calls, askedAt))).toEqual([200]);
    expect(statusesOf(after(calls, answeredAt))).toEqual([401]);
    expect(statusesOf(await passing.stop())).toEqual([200]);
  });

  it.each([
    ['another role', user('by-role'), byRole],
    ['a role’s other permissions', user('by-permissions'), byPermissions],
  ])('%s is in force within 2 s for tokens that are out, and what stays allowed never fails', async (_how, who, by) => {
    const become = await by();
    const token = await login(who.email, who.password);
    const [allowed, asked] = [reading(token, ['/v1/models', '/v1/sessions']), reading(token, ['/v1/api-keys'])];
    await asked.untilSince(0, 5);

    const lowered = await become(false);
    await asked.untilSince(lowered + inForceMs, 5);
    const raising = performance.now();
    const raised = await become(true);
    await asked.untilSince(raised + inForceMs, 5);

    const calls = await asked.stop();
    expect(statusesOf(before(after(calls, lowered), raising))).toEqual([403]);
    expect(statusesOf(after(calls, raised))).toEqual([200]);
    expect(statusesOf(calls)).toEqual([200, 403]);
    expect(statusesOf(await allowed.stop())).toEqual([200]);
  });
});
