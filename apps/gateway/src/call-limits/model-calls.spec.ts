import { describe, expect, it } from '@jest/globals';
import { openaiLimitHeaders } from '@parley/limits';
import { anthropicLimitHeaders } from '../dialects/anthropic/limit-headers.js';
import { limitHeadersByClient } from '../dialects/limit-headers.js';
import { modelCalls } from './model-calls.js';

describe('a call to a model', () => {
  it.each([
    [{ stream: true }, true],
    [{ stream: false }, false],
    [{ stream: 'true' }, false],
    [{}, false],
    ['text', false],
    [null, false],
  ])('with the body %j takes a place among the streams: %j', (body, streams) => {
    expect(modelCalls({ limitHeaders: openaiLimitHeaders }).asksForStream?.(body)).toBe(streams);
  });

  it('tells of its limits in the manner of its dialect', () => {
    expect(modelCalls({ limitHeaders: anthropicLimitHeaders }).headers?.({})).toBe(anthropicLimitHeaders);
    expect(anthropicLimitHeaders.writeReset(1_200, 0)).toBe('1970-01-01T00:00:01.200Z');
    expect(openaiLimitHeaders.writeReset(1_200, 0)).toBe('1.2s');
  });

  it('on a path of both vendors does as the one whose client asks', () => {
    expect(limitHeadersByClient({ 'anthropic-version': '2023-06-01' })).toBe(anthropicLimitHeaders);
    expect(limitHeadersByClient({})).toBe(openaiLimitHeaders);
  });
});
