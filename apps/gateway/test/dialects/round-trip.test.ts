/** Real: providers over HTTP to a server that records what it is asked. */
import { expect, it, jest } from '@jest/globals';
import { completionRequest } from '@parley/contracts';
import fc from 'fast-check';
import { anthropicDialect } from '../../src/dialects/anthropic/index.js';
import { answer, question } from '../../src/dialects/conversation.fixture.js';
import type { Dialect } from '../../src/dialects/dialect.js';
import { openaiDialect } from '../../src/dialects/openai/index.js';
import { anthropicRequest, openaiRequest } from './arbitraries.js';
import type { TargetName } from './conformance/feature.ts';
import { recordedTargets } from './recorded-targets.js';
import { sameMeaning } from './same-meaning.js';

const { signal } = new AbortController();

const recorded = recordedTargets();

/** What a provider of the same vendor is asked, for any request of its dialect. */
async function holds(dialect: Dialect, target: TargetName, requests: fc.Arbitrary<object>): Promise<void> {
  const { server } = recorded;
  const { provider } = recorded.target(target);
  server.answer(dialect.answer(answer, question));
  await fc.assert(
    fc.asyncProperty(requests, async (body) => {
      const request = dialect.read(body, {});
      expect(() => completionRequest.parse(request)).not.toThrow();
      await provider.complete(request, { signal });
      expect(sameMeaning(server.last().body)).toEqual(sameMeaning(body));
    }),
    { numRuns: 200 },
  );
}

jest.setTimeout(60_000);

it('any request of Anthropic’s dialect reaches Anthropic whole', () =>
  holds(anthropicDialect, 'anthropic', anthropicRequest()));

it('any request of OpenAI’s dialect reaches OpenAI whole', () => holds(openaiDialect, 'openai', openaiRequest()));
