/** Real: two instances over HTTP, PostgreSQL, Redis, RabbitMQ, the command against the same database. Fake: nothing. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parseConfig } from '@parley/service-kit';
import { eventually, headerOf } from '@parley/testing';
import { config as schema } from '../src/config.js';
import { signingKeysCommand } from '../src/tokens/signing-keys.command.js';
import { login, newOwner, newServers, startAuth, type RunningAuth, type Servers } from './auth-under-test.js';

interface ListedKey {
  readonly kid: string;
  readonly phase: string;
  readonly activates_at: string;
  readonly retires_at: string | null;
}

let servers: Servers;
let instances: readonly [RunningAuth, RunningAuth];
const owner = newOwner();

beforeAll(async () => {
  servers = await newServers();
  const limits = { LOGIN_ATTEMPTS_PER_MINUTE: '100000', USER_REQUESTS_PER_MINUTE: '100000' };
  const env = { ...servers.env, ...owner.env, ...limits, SIGNING_KEY_LEAD_S: '10' };
  servers = { ...servers, env };
  instances = await Promise.all([startAuth(env), startAuth(env)]);
}, 60_000);

afterAll(async () => {
  await Promise.all(instances.map((instance) => instance.stop()));
  await servers.close();
});

/** What the command prints, by line. */
async function command(...argv: string[]): Promise<ListedKey[]> {
  const lines: string[] = [];
  expect(await signingKeysCommand(parseConfig(schema, servers.env), argv, (text) => void lines.push(text))).toBe(0);
  return lines.map((line) => JSON.parse(line) as ListedKey);
}

const published = async ({ call }: RunningAuth) =>
  (await call<{ keys: { kid: string }[] }>('GET', '/.well-known/jwks.json')).body.keys.map(({ kid }) => kid);
const kidOf = (token: string) => headerOf(token).kid;
const me = async ({ call }: RunningAuth, token: string) => (await call('GET', '/v1/auth/me', { token })).status;

describe('a signing key', () => {
  it('that is asked for by command signs after its lead, and no request fails on the way', async () => {
    const [here, there] = instances;
    const { access_token: before } = await login(here, owner);
    const old = kidOf(before);

    const [next] = await command('rotate');
    expect(next).toMatchObject({ phase: 'next', retires_at: null });
    expect(await command('rotate')).toEqual([next]);
    const kids = new Set<string>();
    while (!kids.has(next?.kid ?? '')) {
      const { access_token: token } = await login(here, owner);
      kids.add(kidOf(token));
      expect(await me(there, token)).toBe(200);
      expect(await me(there, before)).toBe(200);
    }

    expect([...kids]).toEqual([old, next?.kid]);
    expect(kidOf((await login(there, owner)).access_token)).toBe(next?.kid);
    expect(await command('list')).toMatchObject([
      { kid: next?.kid, phase: 'current', retires_at: null },
      { kid: old, phase: 'retiring', retires_at: expect.any(String) },
    ]);
    expect(await published(there)).toEqual([next?.kid, old]);
  }, 40_000);

  it('whose time is over is replaced by itself, with the same lead', async () => {
    await servers.database.query(`update signing_keys set activates_at = activates_at - interval '31 days'`);

    await eventually(async () => expect((await command('list'))[0]?.phase).toBe('next'), { timeoutMs: 10_000 });

    const keys = await command('list');
    expect(keys.filter(({ phase }) => phase === 'next')).toHaveLength(1);
  });

  it('that has leaked is withdrawn everywhere by `rotate --now`, and a new one signs', async () => {
    const [fresh] = await command('rotate', '--now');

    await eventually(async () => {
      for (const instance of instances) expect(await published(instance)).toEqual([fresh?.kid]);
    });
    const { access_token: token } = await login(instances[0], owner);
    expect(kidOf(token)).toBe(fresh?.kid);
    await eventually(async () => expect(await me(instances[1], token)).toBe(200), { timeoutMs: 10_000 });
  });
});

it('an unknown command changes nothing and exits 2', async () => {
  const lines: string[] = [];
  const config = parseConfig(schema, servers.env);
  expect(await signingKeysCommand(config, ['list', '--now'], (text) => void lines.push(text))).toBe(2);
  expect(lines.join('')).toMatch(/^Usage/);
});
