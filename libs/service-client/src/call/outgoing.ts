import type { IncomingHttpHeaders } from 'node:http';
import type { ServiceName } from '@parley/contracts';
import type { Instance } from '@parley/discovery';
import { deadlineHeader, type Deadline } from '@parley/resilience';
import { currentRequest, traceHeaders } from '@parley/service-kit';
import type { Pool } from 'undici';
import { readProblem } from './problem-answer.js';

/** One call as it goes over the wire; each try sends the same. */
export interface OutgoingCall {
  readonly service: ServiceName;
  /** The only one that it may go to, where that was chosen already. */
  readonly instance: Instance | undefined;
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly json: string | undefined;
  readonly token: string | undefined;
  readonly headers: Readonly<Record<string, string>> | undefined;
  readonly onHeaders: ((headers: IncomingHttpHeaders) => void) | undefined;
  readonly deadline: Deadline;
}

/** The body of a 2xx answer. @throws AppError what the service answered else, or the error of the connection. */
export async function send(pool: Pool, call: OutgoingCall, signal: AbortSignal): Promise<string> {
  const { method, path, json = null } = call;
  const { statusCode, headers, body } = await pool.request({
    method,
    path,
    headers: headersOf(call),
    body: json,
    signal,
  });
  const text = await body.text();
  if (statusCode >= 200 && statusCode < 300) {
    call.onHeaders?.(headers);
    return text;
  }
  const retryAfter = headers['retry-after']?.toString();
  throw readProblem({ service: call.service, status: statusCode, retryAfter, body: text });
}

/** What belongs to the request at hand goes along with each call made for it. */
function headersOf({ json, token, deadline, headers }: OutgoingCall): Record<string, string> {
  const requestId = currentRequest()?.requestId;
  return {
    ...headers,
    accept: 'application/json, application/problem+json',
    [deadlineHeader]: deadline.toHeader(),
    ...traceHeaders(),
    ...(requestId !== undefined && { 'x-request-id': requestId }),
    ...(json !== undefined && { 'content-type': 'application/json' }),
    ...(token !== undefined && { authorization: `Bearer ${token}` }),
  };
}
