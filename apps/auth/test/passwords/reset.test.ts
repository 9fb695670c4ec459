/** Real: the service over HTTP, PostgreSQL, Redis, RabbitMQ. Fake: the age of a token, set in the database. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '@parley/testing';
import { problem } from '../auth-under-test.js';
import { authWithOwner, type AuthWithOwner } from '../logins/fixture.js';
import { addMember } from '../people.js';
import { newSubscriber, type Subscriber } from '../subscriber.js';

const requested = 'auth.password_reset.requested.v1';
let sut: AuthWithOwner;
let subscriber: Subscriber;
let tenantId: string;

beforeAll(async () => {
  sut = await authWithOwner();
  subscriber = await newSubscriber(sut.servers.amqp.url, requested);
  tenantId = String((await sut.me((await sut.login()).access_token)).body['tenant_id']);
}, 60_000);

afterAll(async () => {
  await subscriber.close();
  await sut.stop();
});

const newPassword = 'another correct horse';
const newUser = async () => (await addMember(sut.servers, { tenantId, role: 'viewer' }, sut.owner.email)).email;
const request = (email: string) => sut.auth.call('POST', '/v1/auth/password-resets', { body: { email } });
const confirm = (token: string, new_password = newPassword) =>
  sut.auth.call('POST', '/v1/auth/password-resets/confirm', { body: { token, new_password } });

/** As whoever sends mail reads it. */
async function resetToken(email: string): Promise<string> {
  await request(email);
  const { data } = await eventually(() => subscriber.find(requested, { email }));
  return String(data['token']);
}

describe('POST /v1/auth/password-resets', () => {
  it('202: tells whoever sends mail the address and a token, which is stored as a digest alone', async () => {
    const email = await newUser();

    const token = await resetToken(email);

    const event = subscriber.find(requested, { email });
    expect(event).toMatchObject({ tenantid: tenantId, data: { token: expect.stringMatching(/^prt_[\w-]{43}$/) } });
    expect(Date.parse(String(event.data['expires_at'])) - Date.now()).toBeGreaterThan(1_700_000);
    const rows = await sut.servers.database.query('select row_to_json(r) as row from password_resets r');
    expect(JSON.stringify(rows)).not.toContain(token);
  });

  it('202: answers the same for an address that nobody has, no earlier, and tells nobody', async () => {
    const email = await newUser();
    const startedAt = performance.now();
    const unknown = await request('nobody@acme.example');
    const took = performance.now() - startedAt;
    const known = await request(email);

    expect(unknown.status).toBe(202);
    expect([unknown.status, unknown.body]).toEqual([known.status, known.body]);
    expect(took).toBeGreaterThan(190);
    await eventually(() => subscriber.find(requested, { email }));
    expect(subscriber.all(requested, { email: 'nobody@acme.example' })).toEqual([]);
  });

  it('429: bounds what one account is sent, and says the same of an address that nobody has', async () => {
    for (const email of [await newUser(), 'no-one@acme.example']) {
      for (let sent = 0; sent < 5; sent++) expect((await request(email)).status).toBe(202);

      const refused = await request(email);
      expect(refused).toMatchObject(problem(429, 'request.rate_limited'));
      expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(60);
    }
  });

  it('400: wants an address', async () => {
    expect(await request('acme')).toMatchObject(problem(400, 'request.invalid'));
  });
});

describe('POST /v1/auth/password-resets/confirm', () => {
  it('204: sets the password, ends all logins of the user, and is good once', async () => {
    const email = await newUser();
    const before = (await sut.tryLogin(sut.owner.password, email)).body;
    const token = await resetToken(email);

    expect((await confirm(token)).status).toBe(204);

    expect((await sut.tryLogin(newPassword, email)).status).toBe(200);
    expect(await sut.tryLogin(sut.owner.password, email)).toMatchObject(problem(401, 'login.failed'));
    expect(await sut.refresh(before.refresh_token)).toMatchObject(problem(401, 'refresh_token.invalid'));
    expect(await sut.me(before.access_token)).toMatchObject(problem(401, 'credential.revoked'));
    expect(await confirm(token, 'a third correct horse')).toMatchObject(problem(400, 'one_time_token.invalid'));
  });

  it('204: once, for whoever of many comes first', async () => {
    const token = await resetToken(await newUser());

    const answers = await Promise.all(['first', 'second', 'third'].map((word) => confirm(token, `${word} horse`)));

    expect(answers.map(({ status }) => status).sort()).toEqual([204, 400, 400]);
  });

  it('204: lets a locked account be tried at once', async () => {
    const email = await newUser();
    const token = await resetToken(email);
    for (let wrong = 0; wrong < 5; wrong++) await sut.tryLogin('wrong', email);
    expect(await sut.tryLogin(sut.owner.password, email)).toMatchObject(problem(429, 'login.locked'));

    await confirm(token);

    expect((await sut.tryLogin(newPassword, email)).status).toBe(200);
  });

  it('400: takes no token that is unknown, expired, or older than a change of the password', async () => {
    const invalid = problem(400, 'one_time_token.invalid');
    expect(await confirm('prt_unknown')).toMatchObject(invalid);

    const [late, changed] = [await newUser(), await newUser()];
    const expired = await resetToken(late);
    await sut.servers.database.query(
      'update password_resets set expires_at = now() where user_id = (select id from users where email = $1)',
      [late],
    );
    expect(await confirm(expired)).toMatchObject(invalid);

    const token = await resetToken(changed);
    const { access_token } = (await sut.tryLogin(sut.owner.password, changed)).body;
    const body = { current_password: sut.owner.password, new_password: 'changed by themselves' };
    await sut.auth.call('POST', '/v1/auth/password', { token: access_token, body });
    expect(await confirm(token)).toMatchObject(invalid);
  });

  it('400: refuses a common password and the address, and the token stays good', async () => {
    const email = await newUser();
    const token = await resetToken(email);

    for (const password of ['password123', email]) {
      const answer = await confirm(token, password);
      expect(answer).toMatchObject(problem(400, 'request.invalid'));
      expect(answer.body).toMatchObject({ errors: [expect.objectContaining({ path: 'new_password' })] });
    }

    expect((await confirm(token)).status).toBe(204);
  });
});
