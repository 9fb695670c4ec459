/** Real: the service over HTTP, PostgreSQL, Redis, RabbitMQ. Fake: the proxy in front, by its header; an outage of Redis, by a proxy that can be cut. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually, severable, type Answer } from '@parley/testing';
import {
  newOwner,
  newServers,
  problem,
  startAuth,
  type RunningAuth,
  type Servers,
  type Tokens,
} from '../auth-under-test.js';
import { addMember } from '../people.js';

let servers: Servers;
let auth: RunningAuth;
let tenantId: string;
const owner = newOwner();
const env = () => ({
  ...servers.env,
  LOGIN_ATTEMPTS_PER_MINUTE: '10000',
  WRONG_PASSWORDS_OF_ADDRESS: '8',
  PARLEY_TRUSTED_PROXIES: '127.0.0.1',
});

beforeAll(async () => {
  servers = await newServers();
  auth = await startAuth({ ...env(), ...owner.env });
  const { body } = await tryLogin(owner.email, owner.password);
  tenantId = String((await auth.call('GET', '/v1/auth/me', { token: body.access_token })).body['tenant_id']);
}, 60_000);

afterAll(async () => {
  await auth.stop();
  await servers.close();
});

let addresses = 0;
/** An address that nothing was counted for yet. */
const newAddress = () => `10.0.${Math.floor((addresses += 1) / 256)}.${addresses % 256}`;
const newUser = () => addMember(servers, { tenantId, role: 'viewer' }, owner.email);
const tryLogin = (email: string, password: string, address = newAddress(), at = auth) =>
  at.call<Tokens>('POST', '/v1/auth/login', { body: { email, password }, headers: { 'x-forwarded-for': address } });

/** So many wrong passwords, each as soon as it may be tried; answers the seconds to wait after the last. */
async function guess(email: string, times: number, at = auth): Promise<number> {
  for (let wrong = 0; wrong < times; wrong++)
    await eventually(async () => expect((await tryLogin(email, 'guess', newAddress(), at)).status).toBe(401));
  return secondsToWait(await tryLogin(email, owner.password, newAddress(), at));
}

function secondsToWait(answer: Answer<unknown>): number {
  expect(answer).toMatchObject(problem(429, 'login.locked'));
  return Number(answer.headers.get('retry-after'));
}

describe('an account that passwords are guessed for', () => {
  it('429: refuses the right password too after the fifth wrong one, from any address, each time for twice as long', async () => {
    const { email } = await newUser();

    expect(await guess(email, 5)).toBe(1);
    expect(await guess(email.toUpperCase(), 1)).toBe(2);

    await eventually(async () => expect((await tryLogin(email, owner.password)).status).toBe(200));
    expect((await tryLogin(email, 'guess')).status).toBe(401);
    expect((await tryLogin(email, owner.password)).status).toBe(200);
  });

  it('429: lets five of a hundred guesses made at the same time be checked, and other accounts go on', async () => {
    const { email } = await newUser();
    const guesses = Array.from({ length: 100 }, () => tryLogin(email, 'guess'));
    const other = await tryLogin(owner.email, owner.password);

    const statuses = (await Promise.all(guesses)).map(({ status }) => status);

    expect(statuses.filter((status) => status === 401)).toHaveLength(5);
    expect(statuses.filter((status) => status === 429)).toHaveLength(95);
    expect(other.status).toBe(200);
  });

  it('429: waits as long where nobody has the address, so that nobody learns whether somebody does', async () => {
    expect(await guess('nobody@acme.example', 5)).toBe(1);
  });

  it('200: never waits for right passwords, however many at the same time', async () => {
    const { email } = await newUser();

    const answers = await Promise.all(Array.from({ length: 20 }, () => tryLogin(email, owner.password)));

    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
  });

  it('429: still waits after a restart of the service, and at every instance', async () => {
    const { email } = await newUser();
    const first = await startAuth(env());
    expect(await guess(email, 7, first)).toBeGreaterThan(2);
    await first.stop();

    const second = await startAuth(env());
    try {
      expect(secondsToWait(await tryLogin(email, owner.password, newAddress(), second))).toBeGreaterThan(0);
      expect(secondsToWait(await tryLogin(email, owner.password))).toBeGreaterThan(0);
    } finally {
      await second.stop();
    }
  });

  it('200: can be tried at once when an admin has unlocked it', async () => {
    const { id, email } = await newUser();
    await guess(email, 6);
    const { access_token: token } = (await tryLogin(owner.email, owner.password)).body;

    expect((await auth.call('POST', `/v1/users/${id}/unlock`, { token })).status).toBe(204);

    expect((await tryLogin(email, owner.password)).status).toBe(200);
  });

  it('429: waits while Redis is away, counted by the instance', async () => {
    const { email } = await newUser();
    const redis = await severable(servers.env['REDIS_URL'] ?? '');
    const alone = await startAuth({ ...env(), REDIS_URL: redis.url });
    try {
      await redis.cut();
      expect(await guess(email, 5, alone)).toBe(1);
      await redis.restore();
      await eventually(async () =>
        expect((await tryLogin(email, owner.password, newAddress(), alone)).status).toBe(200),
      );
    } finally {
      await alone.stop();
      await redis.close();
    }
  });
});

describe('an address that guesses come from', () => {
  it('429: waits for every account after its eighth wrong password, while others log in', async () => {
    const address = newAddress();
    for (let wrong = 0; wrong < 8; wrong++) await tryLogin(`someone-${wrong}@acme.example`, 'guess', address);

    expect(secondsToWait(await tryLogin(owner.email, owner.password, address))).toBe(1);
    expect((await tryLogin(owner.email, owner.password)).status).toBe(200);
  });

  it('429: is a whole network of IPv6, whose addresses are one client’s to choose', async () => {
    for (let wrong = 0; wrong < 8; wrong++)
      await tryLogin(`someone-${wrong}@acme.example`, 'guess', `2001:db8:0:7::${wrong}`);

    expect(secondsToWait(await tryLogin(owner.email, owner.password, '2001:db8:0:7::ffff'))).toBe(1);
    expect((await tryLogin(owner.email, owner.password, '2001:db8:0:8::1')).status).toBe(200);
  });

  it('200: loses none of its tries by right passwords, and wins none', async () => {
    const address = newAddress();
    const rights = Array.from({ length: 20 }, () => tryLogin(owner.email, owner.password, address));
    expect((await Promise.all(rights)).every(({ status }) => status === 200)).toBe(true);
    for (let wrong = 0; wrong < 7; wrong++) await tryLogin(`someone-${wrong}@acme.example`, 'guess', address);
    expect((await tryLogin(owner.email, owner.password, address)).status).toBe(200);

    await tryLogin('someone@acme.example', 'guess', address);

    expect(secondsToWait(await tryLogin(owner.email, owner.password, address))).toBe(1);
  });
});
