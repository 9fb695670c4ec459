import type { Metrics } from './metrics.js';

/** Seconds. From a cached answer to a long completion. */
const durationBuckets = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120];

/** One answered request; `endpoint` is the route's template. */
export interface AnsweredRequest {
  readonly method: string;
  readonly endpoint: string;
  readonly status: number;
  readonly durationMs: number;
  /** The code of the error that it was answered with. */
  readonly errorType?: string | undefined;
}

/** The three request metrics of every service. */
export class RequestMetrics {
  private readonly duration;
  private readonly total;
  private readonly errors;

  constructor(metrics: Metrics) {
    this.duration = metrics.histogram({
      name: 'api_request_duration_seconds',
      help: 'From the request line to the last byte of the answer',
      labels: ['method', 'endpoint', 'status'],
      buckets: durationBuckets,
    });
    this.total = metrics.counter({
      name: 'api_request_total',
      help: 'Requests answered',
      labels: ['method', 'endpoint', 'status'],
    });
    this.errors = metrics.counter({
      name: 'api_errors_total',
      help: 'Requests answered with an error, by its code',
      labels: ['method', 'endpoint', 'error_type'],
    });
  }

  /** Without the duration, which says nothing of a request that was turned away before it reached a route. */
  counted({ method, endpoint, status, errorType }: Omit<AnsweredRequest, 'durationMs'>): void {
    this.total.with({ method, endpoint, status }).inc();
    if (errorType !== undefined) this.errors.with({ method, endpoint, error_type: errorType }).inc();
  }

  answered({ method, endpoint, status, durationMs, errorType }: AnsweredRequest): void {
    this.duration.with({ method, endpoint, status }).observe(durationMs / 1_000);
    this.counted({ method, endpoint, status, errorType });
  }
}
