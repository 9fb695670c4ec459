/** Real: providers over HTTP to a server that records what it is asked. */
import { expect, it, jest } from '@jest/globals';
import { completionRequest } from '@parley/contracts';
import fc from 'fast-check';
import { anthropicDialect } from '../../src/dialects/anthropic/index.js';
import { answer, question } from '../../src/dialects/conversation.fixture.js';
import type { Dialect } from '../../src/dialects/dialect.js';
import { openaiDialect } from '../../src/dialects/openai/index.js';
import { responsesDialect } from '../../src/dialects/responses/index.js';
import type { TargetName } from './conformance/feature.ts';
import { recordedTargets } from './recorded-targets.js';
import { responseRequests } from './responses-arbitraries.js';
import { marksIn } from './words.js';

const { signal } = new AbortController();

const recorded = recordedTargets();

jest.setTimeout(60_000);

/** Whatever a request says reaches the model, whichever vendor’s it is. */
async function reaches(target: TargetName, native: Dialect): Promise<void> {
  const { server } = recorded;
  const { provider } = recorded.target(target);
  server.answer(native.answer(answer, question));
  await fc.assert(
    fc.asyncProperty(responseRequests(), async (body) => {
      const request = responsesDialect.read(body, {});
      expect(() => completionRequest.parse(request)).not.toThrow();
      await provider.complete(request, { signal });
      expect(marksIn(server.last().body)).toEqual(marksIn(body));
    }),
    { numRuns: 200 },
  );
}

it('whatever a request of the Responses dialect says reaches a server of chat completions', () =>
  reaches('other', openaiDialect));

it('whatever a request of the Responses dialect says reaches Anthropic', () => reaches('anthropic', anthropicDialect));
