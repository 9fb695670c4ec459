/** Real: providers over HTTP to a server that records what it is asked. */
import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import { completionRequest } from '@parley/contracts';
import { anthropicProvider, openaiCompatibleProvider, type ModelProvider } from '@parley/llm';
import fc from 'fast-check';
import { anthropicDialect } from '../../src/dialects/anthropic/index.js';
import { answer, question } from '../../src/dialects/conversation.fixture.js';
import type { Dialect } from '../../src/dialects/dialect.js';
import { openaiDialect } from '../../src/dialects/openai/index.js';
import { anthropicRequest, openaiRequest } from './arbitraries.js';
import { recordingServer, type RecordingServer } from './recording-server.js';
import { sameMeaning } from './same-meaning.js';

const limits = { connections: 2, firstByteTimeoutMs: 5_000, idleTimeoutMs: 5_000 };
const { signal } = new AbortController();

let server: RecordingServer;
let anthropic: ModelProvider;
let openai: ModelProvider;

beforeAll(async () => {
  server = await recordingServer();
  anthropic = anthropicProvider({ name: 'anthropic', apiKey: 'key', baseUrl: server.url, ...limits });
  openai = openaiCompatibleProvider({ name: 'openai', baseUrl: server.url, isOpenAi: true, ...limits });
});

afterAll(async () => {
  await Promise.all([anthropic.close(), openai.close()]);
  await server.close();
});

/** What a provider of the same vendor is asked, for any request of its dialect. */
async function holds(dialect: Dialect, provider: ModelProvider, requests: fc.Arbitrary<object>): Promise<void> {
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
  holds(anthropicDialect, anthropic, anthropicRequest()));

it('any request of OpenAI’s dialect reaches OpenAI whole', () => holds(openaiDialect, openai, openaiRequest()));
