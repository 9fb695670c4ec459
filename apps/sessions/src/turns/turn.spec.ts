import { describe, expect, it } from '@jest/globals';
import { assertOpen, complete, durationMs, interrupt, isUndone, type OpenTurn } from './turn.js';

const open: OpenTurn = {
  status: 'open',
  tenantId: 'tenant',
  id: 'turn',
  sessionId: 'session',
  model: 'a-model',
  requestId: 'request',
  baseId: null,
  answerId: null,
  openedAt: new Date(1_000),
  subject: null,
  apiKeyId: null,
  dialect: null,
  streamed: null,
  inputTokens: null,
  usage: null,
  stopping: false,
};
const now = new Date(3_500);

describe('a turn', () => {
  it('that is open passes; one that has ended, whichever way, is turn.ended', () => {
    expect(() => assertOpen(open)).not.toThrow();
    for (const ended of [complete(open, 'answer', now), interrupt(open, null, 'failed', now)])
      expect(() => assertOpen(ended)).toThrow(expect.objectContaining({ code: 'turn.ended' }));
  });

  it('remembers its answer and when it ended', () => {
    expect(complete(open, 'answer', now)).toEqual({ ...open, status: 'completed', answerId: 'answer', endedAt: now });
    expect(interrupt(open, null, 'cancelled', now)).toMatchObject({ status: 'interrupted', reason: 'cancelled' });
  });

  it('took as long as it was open, and never less than nothing', () => {
    expect(durationMs(open, now)).toBe(2_500);
    expect(durationMs(open, new Date(0))).toBe(0);
  });

  it.each([
    ['failed', null, true],
    ['failed', 'answer', false],
    ['cancelled', null, false],
    ['lease_expired', null, false],
  ] as const)('that broke off as %s with answer %s is undone: %s', (reason, answerId, undone) => {
    expect(isUndone(interrupt(open, answerId, reason, now))).toBe(undone);
  });
});
