/** Real: the service over HTTP, PostgreSQL with its three roles, Redis, RabbitMQ. Fake: auth, and the gateway. */
import { randomUUID } from 'node:crypto';
import { expect, it } from '@jest/globals';
import { noTokens, type Block, type SessionStats, type TokenCounts } from '@parley/contracts';
import { eventually } from '@parley/testing';
import fc from 'fast-check';
import { caller, instance, platform } from './one-instance.js';
import { broken, problem, text, user, type Caller } from './sessions-under-test.js';

const statsOf = (sessionId: string, by: Caller = caller) =>
  by.ok<SessionStats>('GET', `/v1/sessions/${sessionId}/stats`);
const call = (name: string): Block => ({ type: 'tool_call', id: 'c', name, arguments: '{}' });

/** What one turn is answered with; without `ends` it is taken back before anything came. */
interface Step {
  readonly kind: 'complete' | 'cancelled' | 'failed' | 'append';
  readonly model: string;
  readonly tokens: TokenCounts;
  readonly cost: string | undefined;
  readonly tools: readonly string[];
}

const count = fc.nat(5_000);
const step: fc.Arbitrary<Step> = fc.record({
  kind: fc.constantFrom('complete', 'complete', 'cancelled', 'failed', 'append'),
  model: fc.constantFrom('swift', 'slow', 'a model of its own'),
  tokens: fc.record({ input: count, output: count, cache_read: count, cache_write: count, reasoning: count }),
  cost: fc.option(
    fc.tuple(fc.nat(99), fc.nat(999_999)).map(([whole, rest]) => `${whole}.${String(rest).padStart(6, '0')}`),
    { nil: undefined },
  ),
  tools: fc.array(fc.constantFrom('search', 'read file', 'run\0'), { maxLength: 4 }),
});

async function play(sessionId: string, { kind, model, tokens, cost, tools }: Step): Promise<void> {
  if (kind === 'append') {
    await caller.append(sessionId, 'Said so', 'assistant');
    return;
  }
  const { turnId, lease } = await caller.open(sessionId, [user('?')]);
  const said = {
    lease,
    content: [text('So'), ...tools.map(call)],
    model,
    tokens,
    ...(cost !== undefined && { cost_usd: cost }),
  };
  const answered =
    kind === 'complete'
      ? await caller.turn(turnId, 'complete', { ...said, stop: { reason: 'end' } })
      : await caller.turn(turnId, 'interrupt', kind === 'failed' ? broken(lease) : { ...said, reason: kind });
  expect(answered.status).toBe(200);
}

/** Of what was played, one after the other. */
function simply(steps: readonly Step[]) {
  const of = (...kinds: readonly Step['kind'][]) => steps.filter(({ kind }) => kinds.includes(kind));
  const answers = of('complete', 'cancelled');
  const names = answers.flatMap(({ tools }) => tools.map((name) => name.replace('\0', ' ')));
  return {
    messages: {
      total: steps.length + answers.length,
      in_conversation: of('append').length + 2 * answers.length,
      user: steps.length - of('append').length,
      assistant: of('append').length + answers.length,
      instructions: 0,
    },
    turns: {
      total: steps.length - of('append').length,
      open: 0,
      completed: of('complete').length,
      interrupted: Object.fromEntries(
        (['cancelled', 'failed'] as const).flatMap((kind) => (of(kind).length > 0 ? [[kind, of(kind).length]] : [])),
      ),
    },
    ...sumOf(answers),
    tools: Object.fromEntries([...Map.groupBy(names, (name) => name)].map(([name, { length }]) => [name, length])),
    models: new Map([...Map.groupBy(answers, ({ model }) => model)].map(([model, own]) => [model, sumOf(own)])),
  };
}

function sumOf(answers: readonly Step[]) {
  const sum = (field: keyof TokenCounts) => answers.reduce((total, { tokens }) => total + tokens[field], 0);
  const costs = answers.flatMap(({ cost }) => (cost === undefined ? [] : [BigInt(cost.replace('.', ''))]));
  const fields = Object.keys(noTokens) as (keyof TokenCounts)[];
  return {
    answers: answers.length,
    tokens: Object.fromEntries(fields.map((field) => [field, sum(field)])),
    micro_dollars: costs.length > 0 ? costs.reduce((total, cost) => total + cost, 0n) : null,
    unpriced_answers: answers.length - costs.length,
  };
}

const microDollars = (dollars: string): bigint => {
  const [whole = '', rest = ''] = dollars.split('.');
  return BigInt(whole + rest.padEnd(6, '0'));
};

const comparable = <T extends { readonly cost_usd: string | null }>({ cost_usd, ...rest }: T) => ({
  ...rest,
  micro_dollars: cost_usd === null ? null : microDollars(cost_usd),
});

it('are the simple sum over any conversation', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (steps) => {
      const { id } = await caller.newSession();
      for (const one of steps) await play(id, one);
      const expected = simply(steps);

      await eventually(async () => {
        const { latency_ms, partial, tools, models, ...rest } = await statsOf(id);
        expect({
          ...comparable(rest),
          tools: Object.fromEntries(tools.map(({ name, calls }) => [name, calls])),
          models: new Map(models.map(({ model, ...sums }) => [model, comparable(sums)])),
        }).toEqual(expected);
        expect([latency_ms !== null, partial]).toEqual([expected.turns.completed > 0, false]);
        expect(tools.map(({ calls }) => calls)).toEqual(tools.map(({ calls }) => calls).toSorted((a, b) => b - a));
      });
    }),
    { numRuns: 12 },
  );
}, 60_000);

it('tell how long completed turns took, and that one is open', async () => {
  const { id } = await caller.newSession();
  for (const seconds of [1, 2, 3, 10]) {
    const turnId = await caller.ask(id, [user('?')]);
    await platform.database.query(
      `update turns set opened_at = ended_at - interval '${seconds} seconds' where id = '${turnId}'`,
    );
  }
  await caller.open(id, [user('?')]);

  const { latency_ms, turns } = await statsOf(id);
  expect(latency_ms).toEqual({ mean: 4_000, p50: 2_500, p95: 8_950 });
  expect(turns).toMatchObject({ total: 5, open: 1 });
});

it('of a fork have its messages, and nothing that was used before', async () => {
  const { id } = await caller.newSession();
  await caller.ask(id, [user('?')]);
  const fork = await caller.ok<{ id: string }>('POST', `/v1/sessions/${id}/fork`, {});

  expect(await statsOf(fork.id)).toMatchObject({
    messages: { total: 2 },
    turns: { total: 0 },
    answers: 0,
    tokens: noTokens,
    models: [],
  });
  await caller.ask(fork.id, [user('!')]);
  expect(await statsOf(fork.id)).toMatchObject({ messages: { total: 4 }, answers: 1, tokens: { input: 3, output: 2 } });
});

it('of a session that is cleared are those of an empty one', async () => {
  const { id } = await caller.newSession();
  const empty = await statsOf(id);
  await caller.ask(id, [user('?')]);
  await caller.ok('POST', `/v1/sessions/${id}/clear`);
  expect(await statsOf(id)).toEqual(empty);
});

it('are nobody else’s: not another tenant’s, nor of who may not read', async () => {
  const { id } = await caller.newSession();
  const of = (tenantId: string, permissions: readonly string[]) =>
    instance.caller(tenantId, { permissions }).call('GET', `/v1/sessions/${id}/stats`);
  expect(await of(randomUUID(), ['sessions:read'])).toMatchObject(problem(404, 'session.not_found'));
  expect(await of(caller.tenantId, ['sessions:write'])).toMatchObject(problem(403, 'request.forbidden'));
});
