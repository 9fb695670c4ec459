import { describe, expect, it } from '@jest/globals';
import { noTokens, type CompletionRequest, type ExpertQuery, type Message } from '@parley/contracts';
import { ManualClock } from '@parley/resilience/testing';
import type { ServiceClient } from '@parley/service-client';
import type { Ask } from '../completions/answering.js';
import { CircleService } from './circle.service.js';
import { questionOf } from './question.js';

const says = (role: Message['role'], text: string): Message => ({ role, content: [{ type: 'text', text }] });
const request = (changes: Partial<CompletionRequest> = {}): CompletionRequest => ({
  model: 'circle',
  stream: false,
  messages: [says('user', 'Why?')],
  ...changes,
});

describe('the question to the circle', () => {
  it('is the words themselves where there is nothing else', () => {
    expect(questionOf(request())).toEqual({ question: 'Why?', dropped: [] });
  });

  it('is a transcript where there were turns before', () => {
    const messages = [
      says('system', 'Be brief.'),
      says('user', 'Hi'),
      says('assistant', 'Hello'),
      says('user', 'Why?'),
    ];
    expect(questionOf(request({ messages })).question).toBe(
      'Instructions: Be brief.\n\nUser: Hi\n\nAssistant: Hello\n\nUser: Why?',
    );
  });

  it('names what does no harm by being left out', () => {
    expect(questionOf(request({ max_tokens: 5, temperature: 0, output: { type: 'text' } })).dropped).toEqual([
      'max_tokens',
      'temperature',
    ]);
  });

  it.each<[string, Partial<CompletionRequest>]>([
    ['tools', { tools: [{ type: 'function', name: 'f' }] }],
    ['output', { output: { type: 'json_object' } }],
    ['more than 100000 characters', { messages: [says('user', 'x'.repeat(100_001))] }],
    ['a question without words', { messages: [] }],
    [
      'content of type image',
      { messages: [{ role: 'user', content: [{ type: 'image', source: { kind: 'url', url: 'https://a.example' } }] }] },
    ],
  ])('refuses %s', (what, changes) => {
    expect(() => questionOf(request(changes))).toThrow(what);
  });
});

describe('the circle as a model', () => {
  const expertAnswer = (tokens: ExpertQuery['answers'][number]['tokens']) =>
    ({ tokens }) as ExpertQuery['answers'][number];
  const query = {
    id: 'a-query',
    status: 'answered',
    consensus: 'Because.',
    answers: [
      expertAnswer({ ...noTokens, input: 3 }),
      expertAnswer(null),
      expertAnswer({ ...noTokens, input: 4, output: 5 }),
    ],
  } as unknown as ExpertQuery;
  const newCircle = (answered: Partial<ExpertQuery> = {}) => {
    const asked: unknown[] = [];
    const client = { call: async (_: unknown, options: unknown) => (asked.push(options), { ...query, ...answered }) };
    return { asked, sut: new CircleService(client as unknown as ServiceClient, new ManualClock()) };
  };
  const ask = (changes: Partial<Ask> = {}) =>
    ({ request: request(), token: 'the caller’s', signal: new AbortController().signal, ...changes }) as Ask;

  it('answers the consensus, with the tokens of all experts, asked with the caller’s token', async () => {
    const { sut, asked } = newCircle();
    const completion = await sut.complete(ask());
    expect(asked).toMatchObject([{ token: 'the caller’s', body: { question: 'Why?' } }]);
    expect(completion).toMatchObject({
      id: 'a-query',
      model: 'circle',
      choices: [{ content: [{ type: 'text', text: 'Because.' }], stop: { reason: 'end' } }],
      tokens: { ...noTokens, input: 7, output: 5 },
    });
  });

  it('streams the same answer', async () => {
    const { stream } = await newCircle().sut.stream(ask());
    const events = (await Array.fromAsync(stream)).flat();
    expect(events.map(({ type }) => type)).toEqual(['start', 'block_start', 'delta', 'block_end', 'stop', 'end']);
  });

  it('asks so that a repeat finds the same query, and that its experts are accounted for in the session', async () => {
    const { sut, asked } = newCircle();
    await sut.complete(ask({ idempotencyKey: 'once', purpose: { session_id: 'a-session', project_id: 'a-project' } }));
    expect(asked).toMatchObject([
      { headers: { 'idempotency-key': 'once', 'x-parley-asked-in': 'a-session/a-project' } },
    ]);
  });

  it('refuses where all experts declined', async () => {
    const completion = await newCircle({ consensus: null }).sut.complete(ask());
    expect(completion.choices[0]).toMatchObject({ content: [{ type: 'refusal' }], stop: { reason: 'refusal' } });
  });

  it.each([
    ['running', 'service.unavailable'],
    ['interrupted', 'circle.failed'],
    ['failed', 'circle.failed'],
  ] as const)('has no answer to a repeat whose query is %s', async (status, code) => {
    await expect(newCircle({ status }).sut.complete(ask())).rejects.toMatchObject({ code });
  });

  it('is not asked by one of its experts', async () => {
    const { sut, asked } = newCircle();
    await expect(sut.complete(ask({ purpose: { expert_query_id: 'another' } }))).rejects.toMatchObject({
      code: 'circle.nested',
    });
    expect(asked).toEqual([]);
  });
});
