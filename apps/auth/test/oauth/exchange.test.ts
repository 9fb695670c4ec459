/** Real: the service over HTTP, PostgreSQL, Redis, RabbitMQ. Fake: nothing. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { maxActors, rolePermissions, type CreatedApiKey } from '@parley/contracts';
import { claimsOf, eventually } from '@parley/testing';
import { exchange as exchangeKey, problem } from '../auth-under-test.js';
import { newMember } from '../members.js';
import { accessToken, OAuthUnderTest, refusal, type Account } from './fixture.js';

let oauth: OAuthUnderTest;
let agent: Account;
let tool: Account;
beforeAll(async () => {
  oauth = await OAuthUnderTest.start();
  [agent, tool] = [await oauth.newAccount('viewer'), await oauth.newAccount('viewer')];
}, 60_000);
afterAll(() => oauth.stop());

const member = (role: string) => newMember(oauth.auth, oauth.token, role);
const refusedSubject = refusal(400, 'invalid_request');
const tokenOf = async (account: Account) => String((await oauth.credentials(account)).body.access_token);

describe('a delegated token', () => {
  it('200: is the user’s in an agent’s hands, then in a tool’s, with at most the user’s permissions', async () => {
    const user = await member('developer');

    const { body } = await oauth.exchange(agent, user.token, { scope: 'models:read tools:invoke' });
    const tools = await oauth.delegated(tool, String(body.access_token), 'tools:invoke:everything.echo');

    expect(body).toMatchObject({
      token_type: 'Bearer',
      issued_token_type: accessToken,
      scope: 'models:read tools:invoke',
    });
    const [usersClaims, agentsClaims] = [claimsOf(user.token), claimsOf(String(body.access_token))];
    expect(claimsOf(tools)).toMatchObject({
      sub: user.id,
      act: { sub: tool.id, act: { sub: agent.id } },
      ancestors: expect.arrayContaining([agentsClaims.jti, usersClaims.jti]),
      permissions: ['tools:invoke:everything.echo'],
      login_id: usersClaims.login_id,
    });
    expect(claimsOf(tools).exp).toBeLessThanOrEqual(usersClaims.exp);
    expect((await oauth.me(tools)).body).toMatchObject({ id: user.id, actors: [tool.id, agent.id] });
  });

  it('200: gets all of the subject’s permissions without a scope, and none of the actor’s own', async () => {
    const [user, mighty] = [await member('viewer'), await oauth.newAccount('owner')];
    const token = await oauth.delegated(mighty, user.token);
    expect(claimsOf(token).permissions).toEqual(rolePermissions.viewer);
    const refused = await oauth.auth.call('GET', '/v1/users', { token });
    expect(refused).toMatchObject(problem(403, 'request.forbidden'));
  });

  it('200: may be asked for by the actor’s own token in place of its secret', async () => {
    const user = await member('viewer');
    const more = { actor_token: await tokenOf(agent), actor_token_type: accessToken };
    const { body } = await oauth.exchange(undefined, user.token, more);
    expect(claimsOf(String(body.access_token))).toMatchObject({ sub: user.id, act: { sub: agent.id } });
  });

  it('200: keeps what bounds an API key, and ends with the key', async () => {
    const limits = { requests_per_minute: 7, models: ['claude-sonnet-4-5'] };
    const body = { name: 'narrow', ...limits };
    const key = (await oauth.auth.call<CreatedApiKey>('POST', '/v1/api-keys', { token: oauth.token, body })).body;
    const token = await oauth.delegated(agent, await exchangeKey(oauth.auth, key.key));
    expect(claimsOf(token)).toMatchObject({
      key_id: key.id,
      limits: { requests_per_minute: 7 },
      models: limits.models,
    });

    await oauth.auth.call('DELETE', `/v1/api-keys/${key.id}`, { token: oauth.token });

    await eventually(async () => expect(await oauth.me(token)).toMatchObject(problem(401, 'credential.revoked')));
  });

  it('makes no credentials that would outlive it', async () => {
    const token = await oauth.delegated(agent, oauth.token);
    const body = { name: 'mine', role: 'viewer' };
    for (const path of ['/v1/service-accounts', '/v1/api-keys', `/v1/service-accounts/${tool.id}/rotate-secret`]) {
      const answer = await oauth.auth.call('POST', path, { token, body: path.endsWith('secret') ? {} : body });
      expect(answer).toMatchObject(problem(403, 'request.forbidden'));
    }
  });
});

describe('what comes of a token ends with it: a delegated token is refused', () => {
  it('when the subject’s login ends', async () => {
    const user = await member('developer');
    const token = await oauth.delegated(tool, await oauth.delegated(agent, user.token));
    await oauth.auth.call('POST', '/v1/auth/logout', { token: user.token });
    await eventually(async () => expect(await oauth.me(token)).toMatchObject(problem(401, 'credential.revoked')));
  });

  it('when a token that it came of is revoked, and no other', async () => {
    const user = await member('developer');
    const agents = await oauth.delegated(agent, user.token);
    const tools = await oauth.delegated(tool, agents);

    await oauth.post('/v1/auth/revoke', { token: agents });

    await eventually(async () => expect(await oauth.me(tools)).toMatchObject(problem(401, 'credential.revoked')));
    expect((await oauth.me(user.token)).status).toBe(200);
    expect(await oauth.exchange(tool, agents)).toMatchObject(refusedSubject);
  });

  it('when one of those who act is removed', async () => {
    const user = await member('developer');
    const gone = await oauth.newAccount();
    const tools = await oauth.delegated(tool, await oauth.delegated(gone, user.token));

    await oauth.auth.call('DELETE', `/v1/service-accounts/${gone.id}`, { token: oauth.token });

    await eventually(async () => expect(await oauth.me(tools)).toMatchObject(problem(401, 'credential.revoked')));
    expect((await oauth.me(user.token)).status).toBe(200);
  });

  it('and has less when the subject has', async () => {
    const user = await member('operator');
    const token = await oauth.delegated(agent, user.token, 'users:read models:read');

    await oauth.auth.call('PATCH', `/v1/users/${user.id}`, { token: oauth.token, body: { role: 'viewer' } });

    await eventually(async () => expect((await oauth.me(token)).body).toMatchObject({ permissions: ['models:read'] }));
    expect(await oauth.exchange(agent, user.token, { scope: 'users:read' })).toMatchObject(
      refusal(400, 'invalid_scope'),
    );
  });
});

describe('an exchange is refused', () => {
  it('400 invalid_scope: for more than the delegator has', async () => {
    const user = await member('viewer');
    const narrow = await oauth.delegated(agent, user.token, 'models:read');
    for (const [subject, scope] of [
      [user.token, 'completions:create'],
      [user.token, 'models:read api_keys:write'],
      [narrow, 'usage:read'],
    ] as const)
      expect(await oauth.exchange(tool, subject, { scope })).toMatchObject(refusal(400, 'invalid_scope'));
  });

  it('400 invalid_request: when the token went through as many hands as it may', async () => {
    let token = (await member('viewer')).token;
    for (let hand = 0; hand < maxActors; hand++) token = await oauth.delegated(agent, token);
    expect((await oauth.me(token)).status).toBe(200);
    expect(await oauth.exchange(tool, token)).toMatchObject(refusedSubject);
  });

  it('400 invalid_request: for a subject of another tenant, whoever asks for it', async () => {
    const { account: theirs, token: theirOwner } = await oauth.elsewhere();
    const user = await member('viewer');
    expect(await oauth.exchange(theirs, user.token)).toMatchObject(refusedSubject);
    expect(await oauth.exchange(agent, theirOwner)).toMatchObject(refusedSubject);
    const actor = { actor_token: await tokenOf(theirs), actor_token_type: accessToken };
    expect(await oauth.exchange(undefined, user.token, actor)).toMatchObject(refusedSubject);
  });

  it('400 invalid_request: for a subject that was removed, even before its tokens are refused', async () => {
    const user = await member('viewer');
    await oauth.auth.call('DELETE', `/v1/users/${user.id}`, { token: oauth.token });
    expect(await oauth.exchange(agent, user.token)).toMatchObject(refusedSubject);
  });

  it('400 invalid_request: for what is no access token, with one answer', async () => {
    const [head, claims] = oauth.token.split('.');
    const forged = ['x', oauth.auth.owner.apiKey, 'plr_x', `${head}.${claims}.${'A'.repeat(86)}`];
    const answers = [];
    for (const token of forged) answers.push(await oauth.exchange(agent, token));
    for (const answer of answers) expect([answer.status, answer.body]).toEqual([400, answers[0]?.body]);
  });

  it('400 invalid_request: for another type of token, or another audience', async () => {
    for (const more of [
      { subject_token_type: 'urn:ietf:params:oauth:token-type:refresh_token' },
      { requested_token_type: 'urn:ietf:params:oauth:token-type:jwt' },
      { audience: 'https://example.com' },
    ])
      expect(await oauth.exchange(agent, oauth.token, more)).toMatchObject(refusedSubject);
  });

  it('400 invalid_request: when the actor token is a user’s, a delegated one, or none', async () => {
    const user = await member('viewer');
    const delegatedOfAccount = await oauth.delegated(tool, await tokenOf(agent));
    for (const actor_token of [user.token, delegatedOfAccount, 'x'])
      expect(
        await oauth.exchange(undefined, oauth.token, { actor_token, actor_token_type: accessToken }),
      ).toMatchObject(refusedSubject);
  });

  it('401 invalid_client: when nobody says who is to act, or lies about it', async () => {
    expect(await oauth.exchange(undefined, oauth.token)).toMatchObject(refusal(401, 'invalid_client'));
    const liar = { ...agent, client_secret: tool.client_secret };
    expect(await oauth.exchange(liar, oauth.token)).toMatchObject(refusal(401, 'invalid_client'));
    const actor = { actor_token: await tokenOf(agent), actor_token_type: accessToken };
    expect(await oauth.exchange(liar, oauth.token, actor)).toMatchObject(refusal(401, 'invalid_client'));
  });
});
