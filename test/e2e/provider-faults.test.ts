import { beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '@parley/testing';
import { call, demoKey, model, openai } from './platform.js';
import { scripted } from './questions.js';
import { secondTenant } from './second-tenant.js';

/** A tenant of its own, so that its calls are all that is in its report. */
let key: string;
beforeAll(async () => {
  key = await secondTenant();
});

interface Row {
  readonly model: string;
  readonly requests: number;
  readonly tokens: { readonly input: number; readonly output: number };
}

/** What is on record of each of these models, by the name that it was asked by, once there are as many calls of each. */
const recordsOf = (calls: Readonly<Record<string, number>>): Promise<Map<string, Row>> =>
  eventually(
    async () => {
      const report = await call('GET', '/v1/analytics/usage?group_by=model&limit=1000', { key });
      const rows = new Map((report.json()['data'] as Row[]).map((row) => [row.model, row]));
      expect(Object.keys(calls).map((name) => [name, rows.get(name)?.requests])).toEqual(Object.entries(calls));
      return rows;
    },
    { timeoutMs: 15_000 },
  );

/** What a caller meets: our provider key is not the caller's fault, a limit and a bad request are passed on as such. */
const faults: readonly [fault: string, status: number][] = [
  ['400', 400],
  ['401', 502],
  ['402', 502],
  ['409', 409],
  ['413', 413],
  ['422', 422],
  ['429', 429],
  ['429 retry-after=30', 429],
  ['500', 502],
  ['529', 503],
  ['garbage', 502],
  ['wrong-shape', 502],
  ['nothing', 502],
  ['hang', 504],
  ['drip', 504],
];

it('a fault is a clear error within the deadline, in the shape of each dialect, and on record as what it cost', async () => {
  const asked = await Promise.all(
    faults.map(async ([fault, status]) => {
      const [plain, streamed, anthropic] = [
        scripted(`fault=${fault}`),
        scripted(`fault=${fault}`),
        scripted(`fault=${fault}`),
      ];
      const answers = await Promise.all([
        call('POST', '/v1/chat/completions', { key, body: plain }),
        call('POST', '/v1/chat/completions', { key, body: { ...streamed, stream: true } }),
        call('POST', '/v1/messages', { key, body: { ...anthropic, max_tokens: 50 } }),
      ]);
      const error = { message: expect.stringMatching(/\S/) as unknown, type: expect.stringMatching(/\S/) as unknown };
      expect({ fault, statuses: answers.map((answer) => answer.status) }).toEqual({
        fault,
        statuses: Array(3).fill(status),
      });
      expect(answers[0].json()).toMatchObject({ error: { ...error, code: expect.any(String) } });
      expect(answers[1].json()).toMatchObject({ error: { ...error, code: expect.any(String) } });
      expect(answers[2].json()).toMatchObject({ type: 'error', error });
      return [plain, streamed, anthropic].map((one) => one.model);
    }),
  );
  const models = asked.flat();
  const records = await recordsOf(Object.fromEntries(models.map((name) => [name, 1])));
  const costing = models.filter((name) => (records.get(name)?.tokens.input ?? 0) > 0);
  expect(models.map((name) => records.get(name)?.tokens.output)).toEqual(models.map(() => 0));
  // Only the two whole answers that came byte by byte had been begun, and were given up.
  expect(costing).toEqual([asked.at(-1)?.[0], asked.at(-1)?.[2]]);
}, 60_000);

describe('a route whose first target fails', () => {
  const fresh = (provider: string) => ({ model: `${provider}/offline-${crypto.randomUUID()}` });

  /** Asks a route of its own, whose first target has this fault. */
  async function ask(fault: string, stream: boolean) {
    const name = `route-${crypto.randomUUID()}`;
    const route = await call('POST', '/v1/model-routes', {
      key,
      body: { name, targets: [fresh('alpha'), fresh('beta')] },
    });
    expect(route.status).toBe(201);
    const question = {
      model: name,
      messages: [{ role: 'user' as const, content: `[offline @alpha: fault=${fault}] How far is the moon?` }],
    };
    const { completions } = openai(key).chat;
    if (!stream) {
      const { data, response } = await completions.create(question).withResponse();
      return { name, text: data.choices[0]?.message.content, usage: data.usage, response };
    }
    const options = { stream: true, stream_options: { include_usage: true } } as const;
    const { data, response } = await completions.create({ ...question, ...options }).withResponse();
    const chunks = await Array.fromAsync(data);
    const text = chunks.map(({ choices }) => choices[0]?.delta.content ?? '').join('');
    return { name, text, usage: chunks.at(-1)?.usage, response };
  }

  /** What the failed target did in vain has cost where its answer had begun, or had to be broken off. */
  const before: readonly [fault: string, stream: boolean, costs: boolean][] = [
    ...['401', '409', '429 retry-after=30', '500', '529', 'garbage', 'nothing', 'hang'].flatMap(
      (fault): [string, boolean, boolean][] => [
        [fault, false, false],
        [fault, true, false],
      ],
    ),
    ['half-stream', false, true],
    ['drip', false, true],
    ['drip', true, false],
  ];

  it('answers whole by its next one, plain and streamed, and all that was used is on record', async () => {
    const answers = await Promise.all(
      before.map(async ([fault, stream, costs]) => ({ fault, stream, costs, ...(await ask(fault, stream)) })),
    );
    const records = await recordsOf(Object.fromEntries(answers.map(({ name, costs }) => [name, costs ? 2 : 1])));
    for (const { fault, stream, costs, name, text, usage, response } of answers) {
      expect({ fault, stream, by: response.headers.get('x-parley-provider') }).toEqual({ fault, stream, by: 'beta' });
      expect(text).toContain('How far is the moon?');
      const tokens = records.get(name)?.tokens;
      const given = { input: usage?.prompt_tokens, output: usage?.completion_tokens };
      if (costs) expect(tokens?.input).toBeGreaterThan(given.input ?? NaN);
      else expect({ fault, tokens }).toMatchObject({ fault, tokens: given });
    }
  }, 60_000);
});

it('the wait that a provider asks for is passed on', async () => {
  const body = { model, messages: [{ role: 'user', content: '[offline: fault=429 retry-after=7] hello' }] };
  const answer = await call('POST', '/v1/chat/completions', { key: demoKey, body });
  expect(answer.status).toBe(429);
  expect(answer.headers.get('retry-after')).toBe('7');
});

it('a fault that passes is not seen: the call is made again before the first byte', async () => {
  const body = { model, messages: [{ role: 'user', content: `[offline: fault=once-500] ${crypto.randomUUID()}` }] };
  expect((await call('POST', '/v1/chat/completions', { key: demoKey, body })).status).toBe(200);
});
