import { beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '@parley/testing';
import { call, login, model, question, type Answer } from './platform.js';

const accessToken = 'urn:ietf:params:oauth:token-type:access_token';
const exchangeGrant = 'urn:ietf:params:oauth:grant-type:token-exchange';

interface Account {
  readonly id: string;
  readonly client_secret: string;
}

let usersToken: string;
let agent: Account;
let tool: Account;

async function newAccount(name: string): Promise<Account> {
  const body = { name, role: 'viewer' };
  const answer = await call('POST', '/v1/service-accounts', { key: usersToken, body });
  if (answer.status !== 201) throw new Error(`creating a service account answered ${answer.status}: ${answer.text}`);
  return answer.json() as unknown as Account;
}

beforeAll(async () => {
  usersToken = (await login()).access_token;
  [agent, tool] = [await newAccount('agent'), await newAccount('tool')];
});

const post = (path: string, form: Record<string, string>, authorization: string): Promise<Answer> =>
  call('POST', path, {
    body: new URLSearchParams(form).toString(),
    headers: { 'content-type': 'application/x-www-form-urlencoded', authorization },
  });

/** The token with which the account acts in the place of whoever the subject token is of. */
async function delegated({ id, client_secret }: Account, subject_token: string, scope: string): Promise<string> {
  const form = { grant_type: exchangeGrant, subject_token, subject_token_type: accessToken, scope };
  const basic = `Basic ${Buffer.from(`${id}:${client_secret}`).toString('base64')}`;
  const answer = await post('/v1/auth/token', form, basic);
  if (answer.status !== 200) throw new Error(`the exchange answered ${answer.status}: ${answer.text}`);
  return String(answer.json()['access_token']);
}

describe('a user’s token in an agent’s hands, and from there in a tool’s', () => {
  it('works at every service for what it was narrowed to, until the user’s own is revoked', async () => {
    const agents = await delegated(agent, usersToken, 'completions:create sessions:read models:read');
    const tools = await delegated(tool, agents, 'completions:create sessions:read');
    const ask = (key: string) => call('POST', '/v1/chat/completions', { key, body: { model, messages: question } });
    const reads = ['/v1/auth/me', '/v1/sessions'];

    for (const path of reads) expect((await call('GET', path, { key: tools })).status).toBe(200);
    expect((await ask(tools)).status).toBe(200);
    expect((await call('GET', '/v1/models', { key: agents })).status).toBe(200);
    expect((await call('GET', '/v1/models', { key: tools })).status).toBe(403);
    expect((await call('GET', '/v1/auth/me', { key: tools })).json()).toMatchObject({ actors: [tool.id, agent.id] });
    const said = await post('/v1/auth/introspect', { token: tools }, `Bearer ${(await login()).access_token}`);
    expect(said.json()).toMatchObject({ active: true, client_id: tool.id, scope: 'completions:create sessions:read' });

    expect((await post('/v1/auth/revoke', { token: usersToken }, '')).status).toBe(200);

    await eventually(
      async () => {
        for (const token of [usersToken, agents, tools]) {
          for (const path of reads) expect((await call('GET', path, { key: token })).status).toBe(401);
          expect((await ask(token)).status).toBe(401);
        }
      },
      { timeoutMs: 2_000 },
    );
  });
});
