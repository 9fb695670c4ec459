/** Real: providers over HTTP to a server that records what it is asked. */
import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import { completionRequest } from '@parley/contracts';
import { anthropicProvider, openaiCompatibleProvider, type ModelProvider } from '@parley/llm';
import fc from 'fast-check';
import { anthropicDialect } from '../../src/dialects/anthropic/index.js';
import { answer, question } from '../../src/dialects/conversation.fixture.js';
import type { Dialect } from '../../src/dialects/dialect.js';
import { openaiDialect } from '../../src/dialects/openai/index.js';
import { responsesDialect } from '../../src/dialects/responses/index.js';
import { recordingServer, type RecordingServer } from './recording-server.js';
import { responseRequests } from './responses-arbitraries.js';
import { marksIn } from './words.js';

const limits = { connections: 2, firstByteTimeoutMs: 5_000, idleTimeoutMs: 5_000 };
const { signal } = new AbortController();

let server: RecordingServer;
let anthropic: ModelProvider;
let openai: ModelProvider;

beforeAll(async () => {
  server = await recordingServer();
  anthropic = anthropicProvider({ name: 'anthropic', apiKey: 'key', baseUrl: server.url, ...limits });
  openai = openaiCompatibleProvider({ name: 'openai', baseUrl: server.url, ...limits });
});

afterAll(async () => {
  await Promise.all([anthropic.close(), openai.close()]);
  await server.close();
});

jest.setTimeout(60_000);

/** Whatever a request says reaches the model, whichever vendor’s it is. */
async function reaches(provider: ModelProvider, native: Dialect): Promise<void> {
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
  reaches(openai, openaiDialect));

it('whatever a request of the Responses dialect says reaches Anthropic', () => reaches(anthropic, anthropicDialect));
