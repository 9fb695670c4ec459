import type { IncomingMessage, ServerResponse } from 'node:http';
import { AppError, isAppError } from '@parley/contracts';
import type { ErrorDialect, Log, RequestMetrics } from '@parley/service-kit';
import type { ErrorFormat } from './honoured.js';

/** Seconds, where the error names no time itself. */
const defaultRetryAfterS = 1;

export interface Refused {
  readonly error: unknown;
  readonly requestId: string;
  /** The route's, where there is one. */
  readonly route: { readonly name: string; readonly errorFormat?: ErrorFormat | undefined } | undefined;
}

/** What a caller reads whom the edge itself turns away: the words of the route's dialect, one line in the log, one count. */
export class Refusals {
  constructor(
    private readonly dialects: Readonly<Record<ErrorFormat, ErrorDialect>>,
    private readonly log: Log,
    private readonly metrics: Pick<RequestMetrics, 'counted'>,
  ) {}

  /** Breaks the connection off where the answer has begun already: there is no other way left to say that it failed. */
  answer(refused: Refused, req: IncomingMessage, res: ServerResponse): void {
    const { error, requestId, route } = refused;
    const known = isAppError(error) ? error : new AppError('service.internal', { cause: error });
    this.tell(known, refused, req.method ?? '');
    if (res.headersSent || res.destroyed) {
      res.destroy();
      return;
    }
    const { status } = known;
    const { contentType, body } = this.dialects[route?.errorFormat ?? 'problem'](known, requestId, req.headers);
    res.writeHead(status, { 'content-type': contentType, 'content-length': Buffer.byteLength(body), ...hints(known) });
    res.end(body);
  }

  private tell({ code, status }: AppError, { error, requestId, route }: Refused, method: string): void {
    this.metrics.counted({ method, endpoint: route?.name ?? 'unmatched', status, errorType: code });
    const line = { err: error, request_id: requestId, route: route?.name, method, status, code };
    if (status >= 500) this.log.warn(line, 'request failed at the edge');
    else this.log.info({ ...line, err: undefined }, 'request refused at the edge');
  }
}

/** What the caller can do about it: RFC 6750 §3 for 401, Retry-After (RFC 9110 §10.2.3) where it is to come back. */
function hints({ code, status, text }: AppError): Record<string, string> {
  if (code === 'request.unauthenticated') return { 'www-authenticate': 'Bearer' };
  if (status === 401) return { 'www-authenticate': 'Bearer error="invalid_token"' };
  if (status !== 429 && status !== 503) return {};
  const seconds = text.retryAfterMs === undefined ? defaultRetryAfterS : Math.ceil(text.retryAfterMs / 1_000);
  return { 'retry-after': String(Math.max(1, seconds)) };
}
