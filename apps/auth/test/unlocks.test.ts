/** Real: the service over HTTP, PostgreSQL, Redis, RabbitMQ. Fake: nothing. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { User } from '@parley/contracts';
import { problem, startWithOwner, type AuthWithOwner } from './auth-under-test.js';
import { newMember, newPerson, newTenant } from './members.js';

let auth: AuthWithOwner;

beforeAll(async () => {
  auth = await startWithOwner({ PARLEY_REGISTRATION: 'open' });
}, 60_000);

afterAll(() => auth.stop());

const unlock = (id: string, as = auth.token) => auth.call('POST', `/v1/users/${id}/unlock`, { token: as });
const statuses = async (id: string, times: number) => {
  const answers = [];
  for (let time = 0; time < times; time++) answers.push((await unlock(id)).status);
  return answers;
};
const named = (email: string) =>
  auth.call<User>('POST', '/v1/users', { token: auth.token, body: { ...newPerson(), email, role: 'viewer' } });

describe('an unlock', () => {
  it('403: is not an admin’s to give to an owner, and costs the owner none', async () => {
    const [second, admin] = [await newMember(auth, auth.token, 'owner'), await newMember(auth, auth.token, 'admin')];

    for (let time = 0; time < 4; time++)
      expect(await unlock(second.id, admin.token)).toMatchObject(problem(403, 'permission.not_grantable'));

    expect((await unlock(second.id)).status).toBe(204);
  });

  it('429: comes three times an hour for one account, whoever asks; other accounts are unlocked', async () => {
    const [one, other] = [await newMember(auth, auth.token, 'viewer'), await newMember(auth, auth.token, 'viewer')];
    expect(await statuses(one.id, 3)).toEqual([204, 204, 204]);

    const answer = await unlock(one.id, (await newMember(auth, auth.token, 'admin')).token);

    expect(answer).toMatchObject(problem(429, 'request.rate_limited'));
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await unlock(other.id)).status).toBe(204);
  });

  it('429: answers so for an account that was merely named, whose own tenant may unlock it still', async () => {
    const theirs = await newTenant(auth);
    const { id } = (await named(theirs.email)).body;

    expect(await statuses(id, 4)).toEqual([204, 204, 204, 429]);

    expect((await unlock(id, theirs.token)).status).toBe(204);
  });
});
