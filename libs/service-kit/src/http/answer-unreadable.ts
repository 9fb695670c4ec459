import { randomUUID } from 'node:crypto';
import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { AppError } from '@parley/contracts';
import { problemDialect } from '../errors/error-dialect.js';

const byCode: Readonly<Record<string, AppError>> = {
  ERR_HTTP_REQUEST_TIMEOUT: new AppError('request.timeout'),
  HPE_HEADER_OVERFLOW: new AppError('request.too_large', { detail: 'The headers are over the limit of 16 KiB' }),
};
const notHttp = new AppError('request.invalid', { detail: 'This is not HTTP/1.1' });

/** Answers what Node could not read as a request: there is no request object, only the socket. */
export function answerUnreadable(error: Error & { code?: string }, socket: Duplex): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const known = byCode[error.code ?? ''] ?? notHttp;
  const { contentType, body } = problemDialect(known, randomUUID());
  const head = [
    `HTTP/1.1 ${known.status} ${STATUS_CODES[known.status] ?? ''}`,
    `content-type: ${contentType}`,
    `content-length: ${Buffer.byteLength(body)}`,
    'connection: close',
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
}
