import { describe, expect, it } from '@jest/globals';
import { ManualClock } from '@parley/resilience/testing';
import { silentLog } from '@parley/service-kit';
import { model, stored, turn } from './answers.fixture.js';
import type { LiveEntries } from './live-entries.js';
import type { LiveRepository } from './live.repository.js';
import { Watch } from './watch.js';

/** A session of which Redis says nothing, and how often its turn and the answer were read. */
async function watched(ending?: 'ended') {
  const state = { version: 'one', words: 'Far', looks: 0, reads: 0 };
  const turns = {
    newest: async () => {
      state.looks += 1;
      return { id: turn.id, version: state.version };
    },
    find: async () => {
      state.reads += 1;
      const { blocks, ending: end } = stored([{ type: 'text', text: state.words }], {
        kind: 'broken',
        code: 'turn.stopped',
      });
      return { turn, answer: { model, blocks }, ending: ending && end };
    },
  };
  const entries = { follow: async () => () => undefined, read: async () => [{ type: 'opened', turn_id: turn.id }] };
  const clock = new ManualClock();
  const key = { tenantId: 'tenant', id: turn.sessionId };
  const sut = new Watch(key, turns as unknown as LiveRepository, entries as unknown as LiveEntries, clock, silentLog);
  await sut.start();
  const seconds = async (count: number) => {
    for (let second = 0; second < count; second += 1) await clock.advance(1_000);
  };
  return { sut, state, seconds };
}

describe('a session of which nothing is told', () => {
  it.each([['whose turn is under way', undefined] as const, ['whose turn has ended', 'ended'] as const])(
    '%s is looked at, and its answer not read again while it is what it was',
    async (_, ending) => {
      const { state, seconds } = await watched(ending);
      await seconds(60);
      expect(state.looks).toBeGreaterThan(10);
      expect(state.reads).toBe(1);
    },
  );

  it('is read as soon as there is more of the answer', async () => {
    const { sut, state, seconds } = await watched();
    Object.assign(state, { version: 'two', words: 'Far away' });
    await seconds(6);
    expect(sut.newest?.answer.blocks).toEqual([{ type: 'text', text: 'Far away' }]);
    expect(state.reads).toBe(2);
  });
});
