/** Real: the service over HTTP, PostgreSQL, Redis, RabbitMQ. Fake: nothing. */
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { ServiceAccountWithSecret } from '@parley/contracts';
import { problem } from '../auth-under-test.js';
import { accessToken, OAuthUnderTest, type Account } from './fixture.js';

let oauth: OAuthUnderTest;
beforeAll(async () => {
  oauth = await OAuthUnderTest.start();
}, 60_000);
afterAll(() => oauth.stop());

const tokenOf = async (account: Account) => String((await oauth.credentials(account)).body.access_token);
const rotate = async ({ id }: Account, overlap_s: number) => {
  const request = { token: oauth.token, body: { overlap_s } };
  const path = `/v1/service-accounts/${id}/rotate-secret`;
  return (await oauth.auth.call<ServiceAccountWithSecret>('POST', path, request)).body;
};

/** The account's own token, and those that it acts with: by its secret, by its token, and as the first of two. */
async function tokensBy(account: Account): Promise<string[]> {
  const own = await tokenOf(account);
  const actor = { actor_token: own, actor_token_type: accessToken };
  const bySecret = await oauth.delegated(account, oauth.token);
  const byToken = String((await oauth.exchange(undefined, oauth.token, actor)).body.access_token);
  return [own, bySecret, byToken, await oauth.delegated(await oauth.newAccount(), bySecret)];
}

it('without an overlap every token that came of the old secret is refused, and those of the new one pass at once', async () => {
  const account = await oauth.newAccount();
  const old = await tokensBy(account);
  for (const token of old) expect((await oauth.me(token)).status).toBe(200);

  const renewed = await tokensBy(await rotate(account, 0));

  for (const token of renewed) expect((await oauth.me(token)).status).toBe(200);
  for (const token of old) expect(await oauth.me(token)).toMatchObject(problem(401, 'credential.revoked'));
});

it('with an overlap the tokens of the secret before the last are refused, and no others', async () => {
  const account = await oauth.newAccount();
  const [first, second] = [await tokenOf(account), await tokenOf(await rotate(account, 60))];

  await rotate(account, 60);

  expect(await oauth.me(first)).toMatchObject(problem(401, 'credential.revoked'));
  expect((await oauth.me(second)).status).toBe(200);
});
