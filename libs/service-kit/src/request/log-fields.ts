import { currentRequest } from './request-context.js';
import { traceIdOf } from './traceparent.js';

/** What every line written during a request says about it. */
export function logFields(): object {
  const request = currentRequest();
  if (!request) return {};
  return { request_id: request.requestId, trace_id: traceIdOf(request.traceparent), tenant_id: request.tenantId };
}
