/** Real: the service over HTTP, PostgreSQL, Redis, RabbitMQ. Fake: nothing. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { problem } from '../auth-under-test.js';
import { authWithOwner, type AuthWithOwner } from './fixture.js';

let sut: AuthWithOwner;

beforeAll(async () => {
  sut = await authWithOwner();
}, 60_000);

afterAll(() => sut.stop());

const logout = (token: string, body?: unknown) => sut.auth.call('POST', '/v1/auth/logout', { token, body });

describe('POST /v1/auth/logout', () => {
  it('204: kills the refresh token and the access token of this login', async () => {
    const { access_token: token, refresh_token } = await sut.login();

    expect((await logout(token)).status).toBe(204);

    expect(await sut.refresh(refresh_token)).toMatchObject(problem(401, 'refresh_token.invalid'));
    expect(await sut.me(token)).toMatchObject(problem(401, 'credential.revoked'));
    expect(await logout(token)).toMatchObject(problem(401, 'credential.revoked'));
  });

  it('204: takes the refresh token of the same login, and 401: none of another, whose login goes on', async () => {
    const [mine, other] = [await sut.login(), await sut.login()];
    const logoutWith = (refresh_token: string) => logout(mine.access_token, { refresh_token });

    expect(await logoutWith(other.refresh_token)).toMatchObject(problem(401, 'refresh_token.invalid'));
    expect((await logoutWith(mine.refresh_token)).status).toBe(204);

    expect(await sut.refresh(mine.refresh_token)).toMatchObject(problem(401, 'refresh_token.invalid'));
    expect((await sut.refresh(other.refresh_token)).status).toBe(200);
  });

  it.each([
    [{ everywhere: true }, 'everywhere'],
    [[], ''],
    [{ refresh_token: 7 }, 'refresh_token'],
  ])('400: refuses the body %j, names the field and ends nothing', async (body, path) => {
    const { access_token: token, refresh_token } = await sut.login();

    const answer = await logout(token, body);

    expect(answer).toMatchObject(problem(400, 'request.invalid'));
    expect(answer.body).toMatchObject({ errors: [expect.objectContaining({ path })] });
    expect((await sut.refresh(refresh_token)).status).toBe(200);
  });

  it('403: has nothing to end for an API key', async () => {
    expect(await logout(await sut.keyToken())).toMatchObject(problem(403, 'request.forbidden'));
  });

  it('401: without a token', async () => {
    expect(await sut.auth.call('POST', '/v1/auth/logout')).toMatchObject(problem(401, 'request.unauthenticated'));
  });
});
