import { describe, expect, it } from '@jest/globals';
import { createHash } from 'node:crypto';
import { databaseOf, query } from '../database.ts';
import { call, login, type Tokens } from './platform.js';

const refresh = async (refresh_token: string) => {
  const answer = await call('POST', '/v1/auth/refresh', { body: { refresh_token } });
  return { status: answer.status, body: answer.json() as Partial<Tokens> & { code?: string } };
};
const me = async (token = '') => (await call('GET', '/v1/auth/me', { key: token })).status;

/** As if the token had been replaced an hour ago, long after any grace. */
async function replacedLongAgo(refreshToken: string): Promise<void> {
  const digest = createHash('sha256').update(refreshToken).digest('hex');
  const text = `update refresh_tokens set replaced_at = replaced_at - interval '1 hour' where token_hash = $1 returning 1`;
  const replaced = await query(databaseOf(process.env, 'auth'), text, [digest]);
  if (replaced.length !== 1) throw new Error('there is no such refresh token');
}

describe('a refresh token, through the edge', () => {
  it('leads a hundred parallel refreshes to the same successor, and the login goes on', async () => {
    const { refresh_token } = await login();

    const answers = await Promise.all(Array.from({ length: 100 }, () => refresh(refresh_token)));

    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    const successors = [...new Set(answers.map(({ body }) => body.refresh_token))];
    expect(successors).toEqual([expect.stringMatching(/^plr_/)]);
    expect((await refresh(successors[0] ?? '')).status).toBe(200);
    expect(await me(answers[0]?.body.access_token)).toBe(200);
  });

  it('that is replayed once its time is over ends the login: both its successor and the tokens that are out', async () => {
    const first = await login();
    const second = await refresh(first.refresh_token);
    expect(await me(second.body.access_token)).toBe(200);
    await replacedLongAgo(first.refresh_token);

    expect(await refresh(first.refresh_token)).toMatchObject({ status: 401, body: { code: 'refresh_token.reused' } });

    const dead = await refresh(second.body.refresh_token ?? '');
    expect(dead).toMatchObject({ status: 401, body: { code: 'refresh_token.invalid' } });
    expect(await me(second.body.access_token)).toBe(401);
  });
});
