/** Real: the service over HTTP, PostgreSQL, Redis, RabbitMQ. Fake: the age of logins, tokens and resets, set in the database. */
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { problem } from '../auth-under-test.js';
import { authWithOwner, type AuthWithOwner } from './fixture.js';

let sut: AuthWithOwner;

beforeAll(async () => {
  sut = await authWithOwner();
}, 60_000);

afterAll(() => sut.stop());

const count = async (table: string, condition = 'true') =>
  (await sut.servers.database.query(`select from ${table} where ${condition}`)).length;
const set = (table: string, change: string, condition: string) =>
  sut.servers.database.query(`update ${table} set ${change} where ${condition}`);

it('logins that ended or expired are kept for 30 days, and not a day longer; others for good', async () => {
  const ended = ['31 days', '29 days'];
  for (const age of ended) {
    await sut.login();
    await set('logins', `ended_at = now() - interval '${age}', end_reason = 'logout'`, 'ended_at is null');
  }
  for (const age of ended) {
    await sut.login();
    await set('logins', `expires_at = now() - interval '${age}'`, 'ended_at is null and expires_at > now()');
  }
  const goingOn = await sut.login();

  await sut.auth.sweep();

  expect(await count('logins', `coalesce(ended_at, expires_at) < now() - interval '30 days'`)).toBe(0);
  expect(await count('logins')).toBe(3);
  expect(await count('refresh_tokens')).toBe(3);
  expect((await sut.refresh(goingOn.refresh_token)).status).toBe(200);
});

it('the replaced tokens of a login that goes on are kept until a day after they expired: until then reuse is known', async () => {
  const first = await sut.login();
  const second = (await sut.refresh(first.refresh_token)).body;
  const replaced = `replaced_at is not null and login_id = (select login_id from refresh_tokens order by created_at desc limit 1)`;

  await set('refresh_tokens', `expires_at = now() - interval '25 hours'`, replaced);
  await sut.auth.sweep();

  expect(await count('refresh_tokens', replaced)).toBe(0);
  expect(await sut.refresh(first.refresh_token)).toMatchObject(problem(401, 'refresh_token.invalid'));
  expect((await sut.refresh(second.refresh_token)).status).toBe(200);
});

it('password resets are kept for 30 days after they expired', async () => {
  const body = { email: sut.owner.email };
  for (const age of ['31 days', '29 days']) {
    await sut.auth.call('POST', '/v1/auth/password-resets', { body });
    await set('password_resets', `expires_at = now() - interval '${age}'`, 'expires_at > now()');
  }

  await sut.auth.sweep();

  expect(await count('password_resets')).toBe(1);
});
