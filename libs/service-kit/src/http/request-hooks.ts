import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Log } from '../log/log.js';
import type { RequestLog } from '../log/request-log.js';
import type { RequestMetrics } from '../metrics/request-metrics.js';
import { attach, HttpRequest } from '../request/http-request.js';
import { runInRequest } from '../request/request-context.js';
import { requestIdHeader } from '../request/request-id.js';
import { traceIdOf } from '../request/traceparent.js';

/** What nginx writes for a client that left before its answer was complete. */
const clientClosedRequest = 499;

export interface RequestHooks {
  readonly log: Log;
  readonly requestLog: RequestLog;
  readonly requestMetrics: RequestMetrics;
}

/** Gives each request its context, and writes one log line and the metrics when it is over. */
export function addRequestHooks(fastify: FastifyInstance, hooks: RequestHooks): void {
  fastify.addHook('onRequest', (request, reply, done) => {
    runInRequest(begin(request, reply, hooks), done);
  });
}

/** The context of a request that arrives; it ends with the response's `close`, which also comes when the client leaves. */
export function begin(request: FastifyRequest, reply: FastifyReply, hooks: RequestHooks): HttpRequest {
  const context = new HttpRequest(request.id, request.headers, hooks.log);
  attach(request, context);
  reply.header(requestIdHeader, request.id);
  reply.raw.once('close', () => end(context, request, reply, hooks));
  return context;
}

function end(context: HttpRequest, request: FastifyRequest, reply: FastifyReply, hooks: RequestHooks): void {
  context.deadline?.release();
  const { error } = context;
  const { method } = request;
  const endpoint = request.routeOptions.url ?? 'unmatched';
  const status = reply.raw.writableEnded ? reply.raw.statusCode : (error?.status ?? clientClosedRequest);
  const durationMs = performance.now() - context.startedAt;
  hooks.requestMetrics.answered({ method, endpoint, status, durationMs, errorType: error?.code });
  hooks.requestLog.write({
    request_id: context.requestId,
    trace_id: traceIdOf(context.traceparent),
    tenant_id: context.tenantId,
    method,
    endpoint,
    status,
    duration_ms: Math.round(durationMs * 10) / 10,
    error,
  });
}
