/** Real: the service over HTTP, PostgreSQL, Redis, RabbitMQ. Fake: the age of a replaced token, set in the database. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '@parley/testing';
import { login, problem, startAuth } from '../auth-under-test.js';
import { newSubscriber, type Subscriber } from '../subscriber.js';
import { authWithOwner, replacedEarlier, type AuthWithOwner } from './fixture.js';

const graceS = 10;
let sut: AuthWithOwner;
let subscriber: Subscriber;

beforeAll(async () => {
  sut = await authWithOwner();
  subscriber = await newSubscriber(sut.servers.amqp.url, 'auth.refresh_token.reused.v1');
}, 60_000);

afterAll(async () => {
  await subscriber.close();
  await sut.stop();
});

describe('POST /v1/auth/refresh', () => {
  it('200: replaces the token by another pair', async () => {
    const first = await sut.login();

    const second = await sut.refresh(first.refresh_token);

    expect(second.status).toBe(200);
    expect(second.body.refresh_token).not.toBe(first.refresh_token);
    expect((await sut.me(second.body.access_token)).status).toBe(200);
    expect((await sut.refresh(second.body.refresh_token)).status).toBe(200);
  });

  it('200: gives each of a hundred parallel refreshes of one token the same successor, which goes on', async () => {
    const { refresh_token } = await sut.login();

    const answers = await Promise.all(Array.from({ length: 100 }, () => sut.refresh(refresh_token)));

    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
    const [successor = '', ...others] = new Set(answers.map(({ body }) => body.refresh_token));
    expect(others).toEqual([]);
    expect((await sut.me(answers[99]?.body.access_token ?? '')).status).toBe(200);
    expect((await sut.refresh(successor)).status).toBe(200);
  });

  it('200: gives it also at another instance, and after the successor was used', async () => {
    const { servers, owner } = sut;
    const other = await startAuth({ ...servers.env, ...owner.env });
    try {
      const { refresh_token } = await sut.login();
      const successor = (await sut.refresh(refresh_token)).body.refresh_token;
      await sut.refresh(successor);

      const again = await other.call('POST', '/v1/auth/refresh', { body: { refresh_token } });

      expect(again).toMatchObject({ status: 200, body: { refresh_token: successor } });
    } finally {
      await other.stop();
    }
  });

  it('401: ends the whole login when a replaced token comes after the grace, and an event says so', async () => {
    const first = await sut.login();
    const second = await sut.refresh(first.refresh_token);
    await replacedEarlier(sut.servers, first.refresh_token, graceS);

    expect(await sut.refresh(first.refresh_token)).toMatchObject(problem(401, 'refresh_token.reused'));

    expect(await sut.refresh(second.body.refresh_token)).toMatchObject(problem(401, 'refresh_token.invalid'));
    expect(await sut.me(second.body.access_token)).toMatchObject(problem(401, 'credential.revoked'));
    const { id } = (await sut.me((await sut.login()).access_token)).body;
    await eventually(() => subscriber.find('auth.refresh_token.reused.v1', { user_id: id }));
  });

  it('401: takes no token whose login has ended, within the grace either', async () => {
    const { access_token: token, refresh_token } = await sut.login();
    await sut.refresh(refresh_token);
    await sut.auth.call('POST', '/v1/auth/logout', { token });

    expect(await sut.refresh(refresh_token)).toMatchObject(problem(401, 'refresh_token.invalid'));
  });

  it('leaves other logins of the same user alone', async () => {
    const [stolen, other] = [await sut.login(), await sut.login()];
    await sut.refresh(stolen.refresh_token);
    await replacedEarlier(sut.servers, stolen.refresh_token, graceS);
    await sut.refresh(stolen.refresh_token);

    expect((await sut.refresh(other.refresh_token)).status).toBe(200);
    expect((await sut.me(other.access_token)).status).toBe(200);
  });

  it('401: takes no access token in a refresh token’s place, and no refresh token in an access token’s', async () => {
    const tokens = await sut.login();

    expect(await sut.refresh(tokens.access_token.slice(0, 500))).toMatchObject(problem(401, 'refresh_token.invalid'));
    expect(await sut.me(tokens.refresh_token)).toMatchObject(problem(401, 'credential.invalid'));
  });
});

it('without a grace a token is good once, whoever asks at the same time', async () => {
  const { servers, owner } = sut;
  const strict = await startAuth({ ...servers.env, ...owner.env, REFRESH_GRACE_S: '0' });
  try {
    const { refresh_token } = await login(strict, owner);
    const refresh = () => strict.call('POST', '/v1/auth/refresh', { body: { refresh_token } });

    const answers = await Promise.all([refresh(), refresh(), refresh()]);

    expect(answers.map(({ status }) => status).sort()).toEqual([200, 401, 401]);
  } finally {
    await strict.stop();
  }
});
