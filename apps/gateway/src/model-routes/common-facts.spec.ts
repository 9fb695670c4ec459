import { expect, it } from '@jest/globals';
import { commonFacts } from './common-facts.js';

it('what a route can do is what all of its models can do, as far as that is known of each', () => {
  const large = { context_window: 200_000, tools: true, thinking: true, input: ['text' as const, 'image' as const] };
  const small = { context_window: 32_000, tools: true, thinking: false, input: ['text' as const], caching: true };
  expect(commonFacts([large, small])).toEqual({
    context_window: 32_000,
    tools: true,
    thinking: false,
    input: ['text'],
  });
  expect(commonFacts([large])).toEqual(large);
  expect(commonFacts([large, {}])).toEqual({});
});
