import { describe, expect, it } from '@jest/globals';
import { AppError, noTokens, type Block } from '@parley/contracts';
import { ManualClock } from '@parley/resilience/testing';
import type { ServiceClient } from '@parley/service-client';
import { SessionTurn } from './session-turn.js';

const text = (words: string): Block[] => [{ type: 'text', text: words }];

/** A turn whose calls to sessions are kept in `calls`, and fail with `failure` while there is one. */
function newTurn() {
  const calls: { what: string | undefined; body: unknown }[] = [];
  const warnings: unknown[] = [];
  const state: { content: Block[]; failure?: Error; stopping?: true; deaf?: true } = { content: [] };
  const clock = new ManualClock();
  const client = {
    call: async (route: { path: string }, { body }: { body: unknown }) => {
      calls.push({ what: route.path.split('/').at(-1), body });
      if (state.failure) throw state.failure;
      return { stopping: state.stopping };
    },
  };
  const log = { warn: (...words: unknown[]) => void warnings.push(words) };
  const end = { abort: new AbortController(), heardSince: () => state.deaf !== true };
  const lease = { turnId: 'turn', lease: 'secret', leaseMs: 15_000, end };
  const sut = new SessionTurn(
    lease,
    () => ({ content: state.content }),
    client as unknown as ServiceClient,
    clock,
    log,
  );
  const seconds = async (count: number) => {
    for (let second = 0; second < count; second += 1) await clock.advance(1_000);
  };
  return { sut, calls, state, warnings, seconds, whats: () => calls.map(({ what }) => what) };
}

describe('an open turn', () => {
  it('stores what has come within a second, and nothing twice', async () => {
    const { state, calls, seconds } = newTurn();
    state.content = text('Hello');
    await seconds(3);
    expect(calls).toEqual([
      { what: 'checkpoint', body: { lease: 'secret', content: text('Hello'), model: undefined } },
    ]);
  });

  it('keeps its lease while nothing comes', async () => {
    const { whats, seconds } = newTurn();
    await seconds(15);
    expect(whats()).toEqual(['checkpoint', 'checkpoint', 'checkpoint']);
  });

  it('goes on when a checkpoint fails, and tries again', async () => {
    const { sut, state, whats, warnings, seconds } = newTurn();
    state.content = text('Hello');
    state.failure = new AppError('service.unavailable');
    await seconds(2);
    expect({ whats: whats(), warned: warnings.length, aborted: sut.signal.aborted }).toEqual({
      whats: ['checkpoint', 'checkpoint'],
      warned: 2,
      aborted: false,
    });
  });

  it('asks every second whether it is to stop, while a stop may be missed otherwise', async () => {
    const { sut, state, whats, seconds } = newTurn();
    state.deaf = true;
    await seconds(2);
    expect({ whats: whats(), aborted: sut.signal.aborted }).toEqual({
      whats: ['checkpoint', 'checkpoint'],
      aborted: false,
    });
    state.stopping = true;
    await seconds(1);
    expect(sut.signal.reason).toMatchObject({ code: 'turn.stopped' });
  });

  it.each(['turn.ended', 'turn.not_found'] as const)('ends the answer when sessions says %s', async (code) => {
    const { sut, state, seconds } = newTurn();
    state.content = text('Hello');
    state.failure = new AppError(code);
    await seconds(1);
    expect(sut.signal.reason).toMatchObject({ code });
  });

  it('keeps a summary by its lease, and tells with each step what its model was not given', async () => {
    const { sut, calls, seconds } = newTurn();
    const cut = { kind: 'summarised' as const, messages: 2, from_message_id: null, model: 'm' };
    const summary = {
      text: 'Short.',
      messages: 2,
      until_message_id: 'u',
      model: 'm',
      tokens: noTokens,
      cost_usd: null,
    };
    await sut.keepSummary(summary);
    sut.cut = cut;
    await seconds(5);
    await sut.complete({ reason: 'end' }, noTokens);

    expect(calls.map(({ what }) => what)).toEqual(['summary', 'checkpoint', 'complete']);
    expect(calls[0]?.body).toEqual({ lease: 'secret', ...summary });
    for (const { body } of calls.slice(1)) expect(body).toMatchObject({ context: cut });
  });
});

describe('a turn that ends', () => {
  it('is completed with all of the answer, and no checkpoint comes after', async () => {
    const { sut, state, calls, seconds } = newTurn();
    state.content = text('Hello');
    await sut.complete({ reason: 'end' }, noTokens);
    await seconds(5);
    expect(calls).toEqual([
      {
        what: 'complete',
        body: { lease: 'secret', content: text('Hello'), model: undefined, stop: { reason: 'end' }, tokens: noTokens },
      },
    ]);
    await sut.ended;
  });

  it('is told when the answer could not be stored, and is interrupted with what there is', async () => {
    const { sut, state, whats } = newTurn();
    state.failure = new AppError('service.unavailable');
    await expect(sut.complete({ reason: 'end' }, noTokens)).rejects.toMatchObject({ code: 'service.unavailable' });
    delete state.failure;
    await sut.interrupt();
    expect(whats()).toEqual(['complete', 'interrupt']);
    await sut.ended;
  });

  it.each([
    ['turn.stopped', 'cancelled'],
    ['service.draining', 'failed'],
  ] as const)('before its time by %s is told as %s, with what there is', async (code, reason) => {
    const { sut, state, calls } = newTurn();
    state.content = text('Hel');
    sut.abandon(new AppError(code));
    await sut.interrupt();
    expect(calls).toEqual([
      {
        what: 'interrupt',
        body: { lease: 'secret', content: text('Hel'), model: undefined, reason, tokens: undefined },
      },
    ]);
  });

  it('is left to its lease, which the log says, when it cannot even be interrupted', async () => {
    const { sut, state, warnings } = newTurn();
    state.failure = new AppError('service.unavailable');
    await sut.interrupt();
    await sut.ended;
    expect(warnings).toHaveLength(1);
  });

  it.each([
    ['turn.not_found', true],
    ['service.unavailable', false],
  ] as const)('that cannot be interrupted for %s is gone: %s', async (code, gone) => {
    const { sut, state } = newTurn();
    state.failure = new AppError(code);
    await sut.interrupt();
    expect(sut.gone).toBe(gone);
  });
});
