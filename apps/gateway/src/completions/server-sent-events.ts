import type { ServerResponse } from 'node:http';
import { AppError, isAppError } from '@parley/contracts';
import { currentRequest } from '@parley/service-kit';
import type { FastifyReply } from 'fastify';

/**
 * Sends text/event-stream (WHATWG HTML §9.2). A failure before the first chunk is thrown and answered as any other;
 * after it, it becomes `onError`'s last event, since the status has been sent. A slow reader holds back the source.
 */
export async function sendEvents(
  reply: FastifyReply,
  chunks: AsyncIterator<string, void, void>,
  onError: (error: AppError) => string,
): Promise<void> {
  let next = await chunks.next();
  const response = begin(reply);
  try {
    while (next.done !== true) {
      if (response.destroyed) return;
      if (!response.write(next.value)) await writable(response);
      next = await chunks.next();
    }
  } catch (error) {
    currentRequest()?.log.warn({ err: error }, 'an answer broke off');
    const known = isAppError(error) ? error : new AppError('service.internal', { cause: error });
    if (!response.destroyed) response.write(onError(known));
  } finally {
    response.end();
    await chunks.return?.();
  }
}

/** Takes the answer out of Fastify's hands, with the headers that guards and hooks have set. */
function begin(reply: FastifyReply): ServerResponse {
  reply.hijack();
  reply.raw.writeHead(200, {
    ...(reply.getHeaders() as Record<string, string>),
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-cache',
    'x-accel-buffering': 'no',
  });
  return reply.raw;
}

/** Until the reader has caught up, or has gone. */
const writable = (response: ServerResponse): Promise<void> =>
  new Promise((resolve) => {
    if (response.destroyed) {
      resolve();
      return;
    }
    const done = () => {
      response.off('drain', done).off('close', done);
      resolve();
    };
    response.once('drain', done).once('close', done);
  });
