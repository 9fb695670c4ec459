import { EventEmitter } from 'node:events';
import { describe, expect, it } from '@jest/globals';
import type { ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { ManualClock } from '@parley/resilience/testing';
import { Admission } from './admission.js';
import type { CallerLimits } from './caller-limits.js';
import { openaiLimitHeaders } from './limit-headers.js';
import { RateLimitGuard } from './rate-limit.guard.js';
import { RateLimited } from './rate-limited.js';

@RateLimited({ asksForStream: () => true })
class Answers {}

/** The guard before a caller of a stream; `place.left` says whether the place is free again. */
function newGuard({ destroyed }: { destroyed: boolean }) {
  const place = { left: false, leave: () => void (place.left = true) };
  const admission = new Admission(['requests', 'streams'], [], openaiLimitHeaders, new ManualClock(), place);
  const raw = Object.assign(new EventEmitter(), { destroyed });
  const request = { headers: {}, identity: {} };
  const context = {
    switchToHttp: () => ({ getRequest: () => request, getResponse: () => ({ raw, header: () => undefined }) }),
    getHandler: () => () => undefined,
    getClass: () => Answers,
  } as unknown as ExecutionContext;
  const limits = { admit: async () => admission } as unknown as CallerLimits;
  return { sut: new RateLimitGuard(limits, new Reflector()), context, place, raw };
}

describe('the place of a stream that nobody took', () => {
  it('is left when the answer ends', async () => {
    const { sut, context, place, raw } = newGuard({ destroyed: false });
    await sut.canActivate(context);
    expect(place.left).toBe(false);
    raw.emit('close');
    expect(place.left).toBe(true);
  });

  it('is left at once where the caller went while room was looked for', async () => {
    const { sut, context, place } = newGuard({ destroyed: true });
    await sut.canActivate(context);
    expect(place.left).toBe(true);
  });
});
