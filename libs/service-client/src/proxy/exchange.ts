import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Readable } from 'node:stream';
import type { Pool } from 'undici';
import type { Headers } from './headers.js';
import type { Progress } from './progress.js';
import { Relay } from './relay.js';

/** One request as it is passed on, and where its answer goes. */
export interface Passage {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly headers: Headers;
  /** Longest silence of the instance, before its answer begins and within it. */
  readonly readTimeoutMs: number;
}

/**
 * Streams the request to an instance and its answer back, each as fast as the other side takes it. Resolves when the
 * answer is complete; rejects when the instance fails or the client goes away, with what was answered left as it is.
 */
export async function exchange(pool: Pool, passage: Passage, progress: Progress): Promise<void> {
  const { request, response, headers, readTimeoutMs } = passage;
  const { promise, resolve, reject } = Promise.withResolvers<undefined>();
  const onEnd = (): void => resolve(undefined);
  const relay = new Relay(response, { onHead: progress.head, onEnd, onFailure: reject });
  response.once('close', relay.clientGone);
  try {
    pool.dispatch(
      {
        path: request.url ?? '/',
        method: request.method ?? 'GET',
        headers,
        body: hasBody(request) ? bodyOf(request, progress) : null,
        headersTimeout: readTimeoutMs,
        bodyTimeout: readTimeoutMs,
      },
      relay,
    );
    await promise;
  } finally {
    response.off('close', relay.clientGone);
  }
}

export const hasBody = ({ headers }: IncomingMessage): boolean =>
  headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;

/**
 * The client's body, not begun before a connection is there to take it. As an iterable, because undici destroys a stream
 * that it was given when the request fails, and with it the socket that our answer has to go out on.
 */
function bodyOf(request: IncomingMessage, progress: Progress): Readable {
  async function* chunks(): AsyncGenerator<Buffer> {
    progress.bodyTaken = true;
    for await (const chunk of request.iterator({ destroyOnReturn: false })) yield chunk as Buffer;
  }
  // undici takes any async iterable; its types do not say so.
  return chunks() as unknown as Readable;
}
