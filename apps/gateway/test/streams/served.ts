import { once } from 'node:events';
import { createServer, type RequestListener, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { isAppError } from '@parley/contracts';
import type { Admission } from '@parley/limits';
import { anthropicProvider, ModelRouter } from '@parley/llm';
import { systemClock } from '@parley/resilience';
import { callerSignal, ServerSentEvents, StreamBounds } from '@parley/service-kit';
import type { FastifyReply } from 'fastify';
import type { Ask } from '../../src/completions/answering.js';
import { CompletionsService } from '../../src/completions/completions.service.js';
import { StreamedAnswers } from '../../src/completions/streamed-answers.js';
import type { Dialect } from '../../src/dialects/dialect.js';
import type { CacheRates } from '../../src/model-routes/cache-rates.js';
import type { TenantRoutes } from '../../src/model-routes/tenant-routes.js';
import type { CallEnd, CallRecords } from '../../src/usage/call-records.js';

export interface Served {
  readonly url: string;
  /** What would be on record. */
  readonly ends: readonly CallEnd[];
  stop(): Promise<void>;
}

export interface ServedOptions {
  readonly dialect: Dialect;
  readonly providerUrl: string;
  readonly deadlineMs: number;
  readonly heartbeatMs: number;
  readonly readerTimeoutMs: number;
}

/** Streams over HTTP, from a provider to a reader. */
export async function serve(options: ServedOptions): Promise<Served> {
  const { dialect, providerUrl, deadlineMs } = options;
  const bounds = { connections: 4, firstByteTimeoutMs: 60_000, idleTimeoutMs: 60_000 };
  const provider = anthropicProvider({ name: 'anthropic', apiKey: 'key', baseUrl: providerUrl, ...bounds });
  const log = { warn: () => undefined };
  const router = new ModelRouter({ providers: [provider], maxConcurrent: 4, maxQueued: 0, deadlineMs, log });
  const ends: CallEnd[] = [];
  const open = async () => ({ record: async (end: CallEnd) => void ends.push(end), hold: () => () => undefined });
  const records = { open } as unknown as CallRecords;
  const routes = { find: async () => undefined } as unknown as TenantRoutes;
  const completions = new CompletionsService(router, records, routes, {} as CacheRates);
  const events = new ServerSentEvents(new StreamBounds(options.heartbeatMs, options.readerTimeoutMs), systemClock);
  const streamed = new StreamedAnswers(events);

  const { url, stop } = await listen(async (req, raw) => {
    const request = dialect.read(JSON.parse(await textOf(req)), req.headers);
    const ask = { caller: {}, request, signal: callerSignal(raw) } as Ask;
    try {
      await streamed.send(dialect, ask, completions, replyOf(raw));
    } catch (error) {
      raw.writeHead(isAppError(error) ? error.status : 500).end();
    }
  });
  return {
    url,
    ends,
    stop: async () => {
      await stop();
      await router.close();
    },
  };
}

const admission: Pick<Admission, 'takeLease'> = { takeLease: () => undefined };

/** As much of Fastify’s as a stream uses, for a caller without limits. */
function replyOf(raw: ServerResponse): FastifyReply {
  const headers: Record<string, string> = {};
  const reply = {
    raw,
    request: { admission },
    header: (name: string, value: string | number) => void (headers[name] = String(value)),
    getHeaders: () => headers,
    hijack: () => undefined,
  };
  return reply as unknown as FastifyReply;
}

/** An HTTP server, and how to end it with all that it has open. */
export async function listen(handle: (...args: Parameters<RequestListener>) => Promise<void> | void) {
  const server = createServer((req, res) => void handle(req, res));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

const textOf = async (body: AsyncIterable<Buffer>): Promise<string> =>
  Buffer.concat(await Array.fromAsync(body)).toString();
