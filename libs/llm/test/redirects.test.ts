/** Real: the provider’s clients over HTTP, to a server that sends them elsewhere. */
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { CompletionRequest } from '@parley/contracts';
import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { anthropicProvider, type ModelProvider } from '../src/index.js';

const servers: Server[] = [];
async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  servers.push(server);
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const asked = { there: 0, elsewhere: 0 };
let provider: ModelProvider;

beforeAll(async () => {
  const elsewhere = await serve((incoming, response) => {
    asked.elsewhere += 1;
    incoming.resume();
    response.setHeader('content-type', 'application/json').end('{"input_tokens":5,"data":[],"has_more":false}');
  });
  const baseUrl = await serve((incoming, response) => {
    asked.there += 1;
    incoming.resume();
    response.writeHead(307, { location: `${elsewhere}/internal` }).end();
  });
  const limits = { connections: 1, firstByteTimeoutMs: 20_000, idleTimeoutMs: 20_000 };
  provider = anthropicProvider({ name: 'anthropic', apiKey: 'a-key', baseUrl, ...limits });
});
afterAll(async () => {
  await provider.close();
  for (const server of servers) server.closeAllConnections();
  await Promise.all(servers.map((server) => once(server.close(), 'close')));
});

const request: CompletionRequest = {
  model: 'claude-x',
  stream: false,
  messages: [{ role: 'user', content: [{ type: 'text', text: 'for the provider alone' }] }],
};

it.each(['complete', 'countTokens', 'listModels'] as const)(
  'a redirect is a bad response to %s: nothing is sent where it leads, and nothing sent again',
  async (call) => {
    asked.there = 0;
    const context = { signal: new AbortController().signal };
    const answer = call === 'listModels' ? provider.listModels(context.signal) : provider[call]?.(request, context);
    await expect(answer).rejects.toMatchObject({ name: 'AppError', code: 'provider.bad_response' });
    expect(asked).toEqual({ there: 1, elsewhere: 0 });
  },
);
