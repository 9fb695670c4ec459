import type { IncomingMessage } from 'node:http';

/** What a client may still send after its answer; with more, or for longer, the connection is reset. */
const maxBytes = 64 * 1024 * 1024;
const maxMs = 10_000;

/**
 * Reads on and throws away. A client that sends its whole body before it reads the answer would otherwise find the
 * connection reset, and never learn that the body was too large (RFC 9112 §9.6).
 */
export function discardBody(request: IncomingMessage): void {
  let left = maxBytes;
  const giveUp = () => request.destroy();
  const timer = setTimeout(giveUp, maxMs).unref();
  request.on('data', (chunk: Buffer) => {
    left -= chunk.length;
    if (left < 0) giveUp();
  });
  request.once('end', () => clearTimeout(timer)).once('close', () => clearTimeout(timer));
  request.resume();
}
