import { expect, it } from '@jest/globals';
import { noTokens, type SessionStats, type TokenCounts } from '@parley/contracts';
import { eventually } from '@parley/testing';
import { anthropic, call, demoKey, openai } from './platform.js';
import { rejection } from './questions.js';
import { sessionCaller } from './session-caller.js';

const { ok, refused, newSession, append, messages } = sessionCaller(demoKey);
const statsOf = (id: string) => ok<SessionStats>('GET', `/v1/sessions/${id}/stats`);
const model = 'claude-opus-4-8';
const user = (content: string) => [{ role: 'user' as const, content }];

it('stats of a session are of what was asked, answered, called and stopped in it, and what that cost', async () => {
  const id = await newSession({ model });
  const inSession = { headers: { 'x-parley-session': id } };
  const empty = await statsOf(id);
  expect(empty).toMatchObject({
    messages: { total: 0 },
    turns: { total: 0 },
    answers: 0,
    tokens: noTokens,
    models: [],
  });

  const body = { model, max_tokens: 500, messages: user('How far is the moon?') };
  const plain = await call('POST', '/v1/messages', { key: demoKey, body, ...inSession });
  const tools = ['weather', 'clock'].map((name) => ({ name, input_schema: { type: 'object' as const } }));
  const asked = { model, max_tokens: 500, messages: user('Use weather and clock'), tools };
  const called = await anthropic().messages.create(asked, inSession);
  expect(called.content.filter(({ type }) => type === 'tool_use')).toHaveLength(2);
  const results = called.content.flatMap((block) =>
    block.type === 'tool_use' ? [{ type: 'tool_result' as const, tool_use_id: block.id, content: 'Fine' }] : [],
  );
  const next = { model, max_tokens: 500, messages: [{ role: 'user' as const, content: results }] };
  await anthropic().messages.stream(next, inSession).finalMessage();
  const stream = await openai().chat.completions.create(
    { model, messages: user('[offline: deltas=200 delay=40] go'), stream: true },
    inSession,
  );
  let read = '';
  const reading = async () => {
    for await (const chunk of stream) read += chunk.choices[0]?.delta.content ?? '';
  };
  const stopped = rejection(reading());
  // Something of the answer has come, so that it is kept.
  await eventually(() => expect(read).toContain('word1'));
  expect(await statsOf(id)).toMatchObject({ turns: { total: 4, open: 1, completed: 3, interrupted: {} } });
  await ok('POST', `/v1/sessions/${id}/stop`);
  expect(await stopped).toMatchObject({ code: 'turn.stopped' });
  await append(id, 'By the way');

  const stats = await eventually(async () => {
    const now = await statsOf(id);
    expect(now.tools).toEqual([
      { name: 'clock', calls: 1 },
      { name: 'weather', calls: 1 },
    ]);
    return now;
  });

  expect(stats).toMatchObject({
    messages: { in_conversation: 9, user: 5, assistant: 4, instructions: 0, total: 9 },
    turns: { total: 4, open: 0, completed: 3, interrupted: { cancelled: 1 } },
    answers: 4,
    unpriced_answers: 0,
    partial: false,
  });
  const { tokens, cost_usd, models, latency_ms } = stats;
  expect(latency_ms?.p95).toBeGreaterThanOrEqual(latency_ms?.p50 ?? Infinity);
  expect(Number(cost_usd)).toBeGreaterThan(Number(plain.headers.get('x-parley-cost')));
  // The same is said by each of its answers, and by the report of what the platform used.
  const answers = (await messages(id)).filter(({ role }) => role === 'assistant');
  const sum = (kind: keyof TokenCounts) => answers.reduce((total, one) => total + (one.tokens?.[kind] ?? 0), 0);
  const kinds = Object.keys(noTokens) as (keyof TokenCounts)[];
  expect(tokens).toEqual(Object.fromEntries(kinds.map((kind) => [kind, sum(kind)])));
  expect(models.reduce((total, one) => total + one.answers, 0)).toBe(4);
  await eventually(async () =>
    expect(await ok('GET', `/v1/analytics/usage?session_id=${id}`)).toMatchObject({ requests: 4, tokens, cost_usd }),
  );

  const fork = await ok<{ id: string }>('POST', `/v1/sessions/${id}/fork`, {});
  expect(await statsOf(fork.id)).toMatchObject({ messages: { total: 9 }, turns: { total: 0 }, answers: 0, models: [] });
  await ok('POST', `/v1/sessions/${id}/clear`);
  expect(await statsOf(id)).toEqual(empty);
  await refused('GET', `/v1/sessions/${crypto.randomUUID()}/stats`, 404, 'session.not_found');
});
