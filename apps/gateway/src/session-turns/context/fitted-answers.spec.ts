import { describe, expect, it } from '@jest/globals';
import {
  AppError,
  noTokens,
  summaryMessage,
  type Completion,
  type ContextCut,
  type ContextPart,
  type ContextPolicy,
  type Message,
} from '@parley/contracts';
import type { Ask } from '../../completions/answering.js';
import type { ModelsAndCircle } from '../../completions/models-and-circle.js';
import type { ContextWindows } from './context-windows.js';
import { FittedAnswers, type TurnAsk } from './fitted-answers.js';
import { Summaries, type Summary } from './summaries.js';

const said = (role: Message['role'], text: string): Message => ({ role, content: [{ type: 'text', text }] });
/** A hundred tokens. */
const long = 'x'.repeat(400);
const tokens = { ...noTokens, input: 9, output: 2 };
const summarise: ContextPolicy = { kind: 'summarise', model: 'summariser', max_tokens: 400 };

const completion = (text: string, reason: 'end' | 'length' = 'end'): Completion & { cost: string } => ({
  ...{ id: '1', model: 'summariser-2026', created: 0, tokens, estimated: false, dropped: [], cost: '0.01' },
  choices: [{ content: [{ type: 'text', text }], stop: { reason } }],
});

interface Given {
  readonly policy: ContextPolicy;
  /** Of each model, where it is known. */
  readonly windows?: Readonly<Record<string, number>>;
  readonly summary?: string | AppError;
  /** How a summary ends. */
  readonly stop?: 'end' | 'length';
  /** How many exchanges there are; default 3. */
  readonly exchanges?: number;
  /** A turn that begins with a summary of what came before. */
  readonly cut?: ContextCut;
  readonly max_tokens?: number;
}

/** A session with an instruction and exchanges of two hundred tokens each, in which a question of a hundred is asked. */
function newTurn({ policy, windows = {}, summary = 'In short.', stop, exchanges = 3, cut, max_tokens }: Given) {
  const asked: Ask[] = [];
  const kept: Summary[] = [];
  const told: ContextCut[] = [];
  const abort = new AbortController();
  const answering = {
    complete: async (ask: Ask) => {
      asked.push(ask);
      if (ask.request.model === 'a-model') return completion('The answer.');
      if (summary instanceof AppError) throw summary;
      return completion(summary, stop);
    },
  } as unknown as ModelsAndCircle;
  const known = { of: async (_: unknown, name: string) => windows[name] } as unknown as ContextWindows;
  const sut = new FittedAnswers(answering, known, new Summaries(answering, known));

  const history = Array.from({ length: exchanges }).flatMap((_, turn) => [
    said('user', long),
    said('assistant', `${long.slice(1)}${turn}`),
  ]);
  const front = cut ? [summaryMessage('Before.')] : [];
  const messages = [said('system', 'Be brief.'), ...front, ...history, said('user', long)];
  const parts: ContextPart[] = [
    { kind: 'instructions', message_id: 'm0', turn_id: null },
    ...front.map(() => ({ kind: 'summary' as const, message_id: null, turn_id: null })),
    ...history.map((_, index) => ({
      kind: 'history' as const,
      message_id: `m${index + 1}`,
      turn_id: `t${index >> 1}`,
    })),
    { kind: 'input', message_id: `m${history.length + 1}`, turn_id: 'this' },
  ];
  const turn: TurnAsk['turn'] = { cut: undefined, keepSummary: async (one) => void kept.push(one) };
  const ask = {
    ...{ caller: { tenantId: 'a-tenant' }, token: 'token', dialect: 'openai', purpose: { session_id: 'a-session' } },
    ...{
      request: { model: 'a-model', stream: true, messages, max_tokens },
      recordId: 'of-the-answer',
      signal: abort.signal,
    },
    ...{ turn, window: { policy, parts, ...(cut && { cut }) }, onCut: (one: ContextCut) => void told.push(one) },
  } as unknown as TurnAsk;
  const given = async () => {
    await sut.complete(ask);
    return asked.at(-1)?.request.messages;
  };
  return { sut, ask, asked, kept, told, turn, abort, messages, given };
}

describe('a conversation that fits', () => {
  it.each([
    ['is of a model whose window nobody knows', { policy: { kind: 'drop_oldest' } }],
    ['is shorter than its model’s window', { policy: { kind: 'refuse' }, windows: { 'a-model': 800 } }],
    [
      'is shorter than the session lets it be',
      { policy: { kind: 'refuse', max_tokens: 800 }, windows: { 'a-model': 9 } },
    ],
    [
      'is asked for an answer as long as the window, which is the provider’s to judge',
      { policy: { kind: 'refuse' }, windows: { 'a-model': 800 }, max_tokens: 800 },
    ],
  ] satisfies [string, Given][])('since it %s is given whole, and nothing is told', async (_, given) => {
    const turn = newTurn(given);
    expect(await turn.given()).toEqual(turn.messages);
    expect([turn.told, turn.turn.cut, turn.asked.length]).toEqual([[], undefined, 1]);
  });

  it('with a summary at its front tells so', async () => {
    const cut: ContextCut = { kind: 'summarised', messages: 4, model: 'summariser', from_message_id: 'm1' };
    const turn = newTurn({ policy: { ...summarise, max_tokens: 900 }, cut });
    expect(await turn.given()).toEqual(turn.messages);
    expect([turn.told, turn.turn.cut]).toEqual([[cut], cut]);
  });
});

describe('a conversation that is too long', () => {
  it.each([
    ['its model’s window, less the answer that was asked for', { windows: { 'a-model': 800 }, max_tokens: 200 }, 600],
    ['what the session says', { policy: { kind: 'refuse', max_tokens: 650 } }, 650],
  ] satisfies [string, Partial<Given>, number][])('is refused past %s', async (_, given, limit) => {
    const { sut, ask, asked } = newTurn({ policy: { kind: 'refuse' }, ...given });
    await expect(sut.complete(ask)).rejects.toMatchObject({
      code: 'session.context_exceeded',
      text: { detail: `What the model has to be given is estimated at 703 tokens, and ${limit} fit` },
    });
    expect(asked).toEqual([]);
  });

  it('is given without its oldest exchanges, and what is left out is told', async () => {
    const { given, messages, told, turn } = newTurn({ policy: { kind: 'drop_oldest', max_tokens: 400 } });
    expect(await given()).toEqual([messages[0], ...messages.slice(5)]);
    const cut = { kind: 'dropped', messages: 4, from_message_id: 'm5' };
    expect([told, turn.cut]).toEqual([[cut], cut]);
  });

  it('counts the tools that are offered with it', async () => {
    const { sut, ask } = newTurn({ policy: { kind: 'refuse', max_tokens: 703 } });
    await sut.complete(ask);
    const tools = [{ type: 'function' as const, name: 'look' }];
    await expect(sut.complete({ ...ask, request: { ...ask.request, tools } })).rejects.toMatchObject({
      code: 'session.context_exceeded',
    });
  });
});

describe('a conversation that is summarised', () => {
  it('is asked about in a call of its own, for the same caller and session, and given behind the summary', async () => {
    const { given, messages, asked, kept, told, turn } = newTurn({ policy: summarise });

    expect(await given()).toEqual([messages[0], summaryMessage('In short.'), messages.at(-1)]);

    const [call] = asked;
    expect(call).toMatchObject({ token: 'token', dialect: 'openai', purpose: { session_id: 'a-session' } });
    expect(call).not.toHaveProperty('recordId');
    expect(call?.request).toMatchObject({ model: 'summariser', stream: false, max_tokens: 50 });
    expect(JSON.stringify(call?.request.messages[1]).split(/(?:user|assistant): x/)).toHaveLength(7);
    const summary = { text: 'In short.', model: 'summariser-2026', tokens, cost_usd: '0.01' };
    expect(kept).toEqual([{ ...summary, until_message_id: 'm6', messages: 6 }]);
    const cut = { kind: 'summarised', messages: 6, model: 'summariser-2026', from_message_id: 'm7' };
    expect([told, turn.cut]).toEqual([[cut], cut]);
  });

  it('has its summary in the next one, which stands for both', async () => {
    const cut: ContextCut = { kind: 'summarised', messages: 4, model: 'summariser', from_message_id: 'm1' };
    const { given, asked, kept } = newTurn({ policy: summarise, cut });
    await given();
    expect(JSON.stringify(asked[0]?.request.messages[1])).toContain('Before.');
    expect(kept).toMatchObject([{ until_message_id: 'm6', messages: 10 }]);
  });

  it('is summarised piece by piece where the model that does so does not see all of it at once', async () => {
    const { given, asked, kept, told } = newTurn({ policy: summarise, windows: { summariser: 650 } });
    await given();
    expect(kept.map(({ until_message_id, messages }) => [until_message_id, messages])).toEqual([
      ['m4', 4],
      ['m6', 6],
    ]);
    expect(JSON.stringify(asked[1]?.request.messages[1])).toContain('In short.');
    expect(told).toMatchObject([{ messages: 6 }]);
  });
});

describe('a summary that fails', () => {
  it.each([
    ['is empty', ' ', 'gave no summary'],
    ['is longer than there is room for', long, 'wrote more than a summary has room for, which is 50 tokens'],
  ])('since it %s says so, and is not kept', async (_, summary, detail) => {
    const { sut, ask, kept, asked } = newTurn({ policy: summarise, summary });
    const failure = { code: 'session.summary_failed', text: { detail: expect.stringContaining(detail) } };
    await expect(sut.complete(ask)).rejects.toMatchObject(failure);
    expect([kept, asked.length]).toEqual([[], 1]);
  });

  it('since it was cut off is not kept', async () => {
    const { sut, ask, kept } = newTurn({ policy: summarise, stop: 'length' });
    await expect(sut.complete(ask)).rejects.toMatchObject({ code: 'session.summary_failed' });
    expect(kept).toEqual([]);
  });

  it('since it would take more than eight calls says so, and no model is asked', async () => {
    const eight = newTurn({ policy: summarise, windows: { summariser: 450 }, exchanges: 8 });
    await eight.given();
    expect(eight.kept).toHaveLength(8);

    const { sut, ask, asked } = newTurn({ policy: summarise, windows: { summariser: 450 }, exchanges: 9 });
    await expect(sut.complete(ask)).rejects.toMatchObject({
      code: 'session.summary_failed',
      text: { detail: 'summariser would have to be asked 9 times, and 8 is the most' },
    });
    expect(asked).toEqual([]);
  });

  it('since an exchange is longer than its model sees says so, and no model is asked', async () => {
    const { sut, ask, asked } = newTurn({ policy: summarise, windows: { summariser: 300 } });
    await expect(sut.complete(ask)).rejects.toMatchObject({ code: 'session.summary_failed' });
    expect(asked).toEqual([]);
  });

  it('at its provider fails as that did, with words that say what failed', async () => {
    const summary = new AppError('provider.overloaded', { retryAfterMs: 5_000 });
    const { sut, ask } = newTurn({ policy: summarise, summary });
    const detail = 'could not be summarised by summariser: The model provider is overloaded';
    await expect(sut.complete(ask)).rejects.toMatchObject({
      code: 'provider.overloaded',
      text: { retryAfterMs: 5_000, detail: expect.stringContaining(detail) },
    });
  });

  it('since the turn was stopped meanwhile ends as a stopped turn does', async () => {
    const summary = new AppError('turn.stopped');
    const { sut, ask, abort } = newTurn({ policy: summarise, summary });
    abort.abort(summary);
    await expect(sut.complete(ask)).rejects.toBe(summary);
  });
});
