import type { AppError } from '@parley/contracts';
import { Deadline, deadlineHeader } from '@parley/resilience';
import type { FastifyRequest } from 'fastify';
import type { Log } from '../log/log.js';
import type { RequestContext } from './request-context.js';
import { activeTraceparent, isTraceparent, newTraceparent } from './traceparent.js';

/** The context of an HTTP request, from its arrival until its log line is written. */
export class HttpRequest implements RequestContext {
  readonly startedAt = performance.now();
  tenantId: string | undefined;
  /** Why it failed, where it did. */
  error: AppError | undefined;
  readonly traceparent: string;
  readonly deadline: Deadline | undefined;

  constructor(
    readonly requestId: string,
    headers: FastifyRequest['headers'],
    readonly log: Log,
  ) {
    const { traceparent } = headers;
    this.traceparent = activeTraceparent() ?? (isTraceparent(traceparent) ? traceparent : newTraceparent());
    const deadline = headers[deadlineHeader];
    this.deadline = typeof deadline === 'string' ? Deadline.fromHeader(deadline) : undefined;
  }
}

const key = Symbol('parley request');
type Carrier = FastifyRequest & { [key]?: HttpRequest };

/** Attached to the request as well: Fastify's last hooks run outside of its asynchronous context. */
export const attach = (request: FastifyRequest, context: HttpRequest): void => {
  (request as Carrier)[key] = context;
};

/** Undefined where the request failed before the first hook. */
export const contextOf = (request: FastifyRequest): HttpRequest | undefined => (request as Carrier)[key];
