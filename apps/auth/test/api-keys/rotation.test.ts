/** Real: the service over HTTP, PostgreSQL, Redis, RabbitMQ. Fake: a member and a service account are rows. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { isWellFormedApiKey } from '@parley/identity';
import { eventually } from '@parley/testing';
import { hash, randomUUID } from 'node:crypto';
import { Client } from 'pg';
import { login, problem } from '../auth-under-test.js';
import { addMember, addServiceAccount } from '../people.js';
import { newSubscriber, type Subscriber } from '../subscriber.js';
import { KeysUnderTest } from './fixture.js';

let keys: KeysUnderTest;
let subscriber: Subscriber;
beforeAll(async () => {
  keys = await KeysUnderTest.start();
  subscriber = await newSubscriber(keys.auth.servers.amqp.url, 'auth.api_key.#');
}, 60_000);
afterAll(async () => {
  await subscriber.close();
  await keys.stop();
});

const day = 86_400_000;

/** The keys that row-level security shows to one who has the hash of a secret, without a predicate. */
async function shownTo(secret: string): Promise<string[]> {
  const sql = new Client({ connectionString: keys.auth.servers.database.appUrl });
  await sql.connect();
  try {
    await sql.query(`select set_config('parley.credential_hash', $1, false)`, [hash('sha256', secret)]);
    return (await sql.query<{ id: string }>('select id from api_keys')).rows.map(({ id }) => id);
  } finally {
    await sql.end();
  }
}

describe('POST /v1/api-keys/{id}/rotate', () => {
  it('200: answers the key as it was with another secret, and both work', async () => {
    const { key: old, ...before } = await keys.made({ tokens_per_minute: 7 });
    const { status, body } = await keys.rotate(before.id);

    const { key, prefix, previous_key_expires_at, ...same } = body;
    expect(status).toBe(200);
    expect(before).toMatchObject(same);
    expect(isWellFormedApiKey(key)).toBe(true);
    expect([key.slice(0, 12), prefix]).toEqual([prefix, expect.not.stringMatching(before.prefix)]);
    expect(Date.parse(String(previous_key_expires_at)) - Date.now()).toBeGreaterThan(day - 60_000);
    expect([(await keys.exchange(old)).status, (await keys.exchange(key)).status]).toEqual([200, 200]);
    expect(await keys.listed(before.id)).toMatchObject({ prefix, previous_key_expires_at });
  });

  it('200: the old secret ends with the overlap, and its tokens do too', async () => {
    const { id, key: old } = await keys.made({});
    const { key } = (await keys.rotate(id, { overlap_s: 3 })).body;

    expect((await keys.exchange(old)).body.expires_in).toBeLessThanOrEqual(3);
    expect((await keys.exchange(key)).body.expires_in).toBe(60);
    await eventually(async () => expect(await keys.exchange(old)).toMatchObject(problem(401, 'credential.expired')));
    expect((await keys.exchange(key)).status).toBe(200);
  });

  it('200: without an overlap the old secret ends at once', async () => {
    const { id, key } = await keys.made({});
    await keys.rotate(id, { overlap_s: 0 });

    expect(await keys.exchange(key)).toMatchObject(problem(401, 'credential.expired'));
  });

  it('200: without an overlap tokens of the old secret end too, and none of the new one', async () => {
    const { id, key } = await keys.made({});
    const old = await keys.tokenOf({ key });
    const me = (token: string) => keys.auth.call('GET', '/v1/auth/me', { token });
    expect((await me(old)).status).toBe(200);

    const renewed = (await keys.rotate(id, { overlap_s: 0 })).body;

    expect((await me(await keys.tokenOf(renewed))).status).toBe(200);
    expect(await me(old)).toMatchObject(problem(401, 'credential.revoked'));
  });

  it('200: tokens of the secret before the last end, and those of one that overlaps live on', async () => {
    const first = await keys.made({});
    const me = async (token: string) => (await keys.auth.call('GET', '/v1/auth/me', { token })).status;
    const ofFirst = await keys.tokenOf(first);
    const ofSecond = await keys.tokenOf((await keys.rotate(first.id)).body);
    expect([await me(ofFirst), await me(ofSecond)]).toEqual([200, 200]);

    await keys.rotate(first.id);

    expect([await me(ofFirst), await me(ofSecond)]).toEqual([401, 200]);
  });

  it('200: two secrets work at most, the two newest', async () => {
    const { id, key: first } = await keys.made({});
    const second = (await keys.rotate(id)).body.key;
    const third = (await keys.rotate(id)).body.key;

    expect(await keys.exchange(first)).toMatchObject(problem(401, 'credential.invalid'));
    expect([(await keys.exchange(second)).status, (await keys.exchange(third)).status]).toEqual([200, 200]);
  });

  it('200: either secret opens the row of its key, and no other row', async () => {
    const { id, key: old } = await keys.made({});
    const { key } = (await keys.rotate(id)).body;

    expect([await shownTo(old), await shownTo(key), await shownTo('ply_')]).toEqual([[id], [id], []]);
  });

  it('200: no secret outlives the key', async () => {
    const expires_at = new Date(Date.now() + 3_600_000).toISOString();
    const { id } = await keys.made({ expires_at });

    expect((await keys.rotate(id)).body).toMatchObject({ expires_at, previous_key_expires_at: expires_at });
  });

  it('200: revoking the key ends both secrets', async () => {
    const { id, key: old } = await keys.made({});
    const { key } = (await keys.rotate(id)).body;
    await keys.revoke(id);

    for (const secret of [old, key])
      expect(await keys.exchange(secret)).toMatchObject(problem(401, 'credential.revoked'));
  });

  it('tells subscribers who renewed it and until when the old secret works, and neither secret', async () => {
    const { id } = await keys.made({});
    const { previous_key_expires_at } = (await keys.rotate(id)).body;

    const event = await eventually(() => subscriber.find('auth.api_key.rotated.v1', { api_key_id: id }));

    expect(event.data).toEqual({ api_key_id: id, rotated_by: expect.any(String), previous_key_expires_at });
  });

  it('400: for an overlap of more than seven days, or less than none', async () => {
    const { id } = await keys.made({});
    for (const overlap_s of [604_801, -1])
      expect(await keys.rotate(id, { overlap_s })).toMatchObject(problem(400, 'request.invalid'));
  });

  it('404: for a key that does not exist', async () => {
    expect(await keys.rotate(randomUUID())).toMatchObject(problem(404, 'api_key.not_found'));
  });

  it('409: for a key that is revoked or expired', async () => {
    const revoked = await keys.made({});
    await keys.revoke(revoked.id);
    expect(await keys.rotate(revoked.id)).toMatchObject(problem(409, 'api_key.ended'));

    const expired = await keys.made({ expires_at: new Date(Date.now() + 500).toISOString() });
    await eventually(async () => expect(await keys.rotate(expired.id)).toMatchObject(problem(409, 'api_key.ended')));
  });
});

describe('POST /v1/api-keys/{id}/rotate, 403', () => {
  it('for another user’s key, whatever the caller may do: its secret would be that user’s name', async () => {
    const { owner, servers } = keys.auth;
    const { email } = await addMember(servers, { tenantId: keys.tenantId, role: 'owner' }, owner.email);
    const { access_token } = await login(keys.auth, { email, password: owner.password });
    const { id } = await keys.made({ permissions: ['models:read'] });

    expect(await keys.rotate(id, {}, access_token)).toMatchObject(problem(403, 'request.forbidden'));
  });

  it('for a service account’s key without service_accounts:write', async () => {
    const account = await addServiceAccount(keys.auth.servers, { tenantId: keys.tenantId, role: 'viewer' });
    const { id } = await keys.made({ service_account_id: account });
    const writer = await keys.made({ permissions: ['api_keys:write'] });

    expect(await keys.rotate(id, {}, await keys.tokenOf(writer))).toMatchObject(problem(403, 'request.forbidden'));
    expect((await keys.rotate(id)).status).toBe(200);
  });

  it('by a key that may do less', async () => {
    const { id } = await keys.made({});
    const writer = await keys.made({ permissions: ['api_keys:write'] });

    const answer = await keys.rotate(id, {}, await keys.tokenOf(writer));

    expect(answer).toMatchObject(problem(403, 'permission.not_grantable'));
  });

  it('by a key of narrower bounds; itself a key may renew', async () => {
    const permissions = ['api_keys:write'];
    const { id } = await keys.made({ permissions });
    const writer = await keys.made({ permissions, models: ['offline-small'], requests_per_minute: 50 });
    const token = await keys.tokenOf(writer);

    const refused = await keys.rotate(id, {}, token);

    expect(refused).toMatchObject(problem(403, 'api_key.not_grantable'));
    expect(refused.body).toMatchObject({ errors: [{ path: 'requests_per_minute' }, { path: 'models' }] });
    expect((await keys.rotate(writer.id, {}, token)).status).toBe(200);
  });
});
