import { AppError, errorCodes } from '@parley/contracts';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { AllowedMethods } from '../http/allowed-methods.js';
import { discardBody } from '../http/discard-body.js';
import { contextOf } from '../request/http-request.js';
import type { ErrorDialects } from './error-dialects.js';
import { toAppError } from './to-app-error.js';

/** Sent with a retryable 429 or 503 that does not say itself when to come back. */
const defaultRetryAfterMs = 1_000;

/** The one place where an error becomes an answer. */
export class ErrorAnswers {
  constructor(
    private readonly dialects: ErrorDialects,
    private readonly methods: AllowedMethods,
  ) {}

  send(thrown: unknown, request: FastifyRequest, reply: FastifyReply): void {
    const allowed = request.is404 ? this.methods.at(request.url) : [];
    const error = allowed.length > 0 ? new AppError('request.method_not_allowed') : toAppError(thrown);
    const context = contextOf(request);
    if (context) context.error = error;
    if (reply.sent || reply.raw.headersSent) {
      // The answer has begun and cannot be taken back: cut off, it is at least not taken for a whole one.
      reply.raw.destroy();
      return;
    }
    if (allowed.length > 0) reply.header('allow', allowed.join(', '));
    setRetryHeaders(error, reply);
    if (!request.raw.complete) discardBody(request.raw);
    const { contentType, body, challenge } = this.dialects.for(request)(error, request.id, request.headers);
    if (error.status === 401) setChallenge(reply, challenge);
    // Fastify would close the connection on a body that it refused, which resets it under a client still sending.
    reply.removeHeader('connection').code(error.status).header('content-type', contentType).send(body);
  }
}

/** RFC 9110 §11.6.1: a 401 names a scheme. */
function setChallenge(reply: FastifyReply, challenge = 'Bearer'): void {
  if (!reply.hasHeader('www-authenticate')) reply.header('www-authenticate', challenge);
}

function setRetryHeaders({ code, status, text: { retryAfterMs } }: AppError, reply: FastifyReply): void {
  const { retryable } = errorCodes[code];
  const comeBack = retryable && (status === 429 || status === 503);
  if (retryAfterMs !== undefined || comeBack)
    reply.header('retry-after', Math.max(1, Math.ceil((retryAfterMs ?? defaultRetryAfterMs) / 1_000)));
  // The vendors' SDKs try every 409 and 5xx again unless this tells them not to.
  if (!retryable && (status === 409 || status >= 500)) reply.header('x-should-retry', 'false');
}
