import type { IncomingHttpHeaders } from 'node:http';
import { Injectable } from '@nestjs/common';
import type { Route } from '@parley/contracts';
import { Directory, type Instance } from '@parley/discovery';
import { compose, Deadline, retry, timeout, type RetryDecision } from '@parley/resilience';
import { Clock, currentRequest } from '@parley/service-kit';
import type { z } from 'zod';
import { toAppError } from '../failure.js';
import { ServiceClientOptions } from '../options.js';
import { Targets } from '../targets/targets.js';
import { Attempts } from './attempts.js';
import { knownPart } from './known-part.js';
import type { OutgoingCall } from './outgoing.js';
import { decideRetry } from '../retry-decision.js';
import { readResult } from './read-result.js';
import { routePath, type PathParameters, type QueryParameters } from './route-path.js';

export interface CallOptions<Body extends z.ZodType = z.ZodType> {
  /** Values of the `:name` parts of the route's path. */
  readonly params?: PathParameters;
  readonly query?: QueryParameters;
  /** The one to ask, well or not; default: the one that should answer soonest. */
  readonly instance?: Instance;
  readonly body?: z.input<Body>;
  /** Whose token the call carries; none by default. */
  readonly token?: string;
  /** Ends the call, with the signal's own reason. */
  readonly signal?: AbortSignal;
  /** Retries included; default SERVICE_TIMEOUT_MS. A nearer deadline of the request at hand wins. */
  readonly timeoutMs?: number;
  /** Sent along, beside what every call carries; names in lower case. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Is given the headers of a 2xx answer, once that is there as a whole. */
  readonly onHeaders?: (headers: IncomingHttpHeaders) => void;
  /** Whether doing it twice does no harm; default true for GET and DELETE, false for the others. */
  readonly idempotent?: boolean;
}

const maxTries = 3;
/** The first retry comes within 25 ms, the second within 50 ms: another instance is likely to be there at once. */
const baseDelayMs = 25;
/** No call waits longer than this between two tries; who is told to wait longer hears so. */
const maxDelayMs = 250;

/** Calls the routes of other services: finds an instance, bounds the time, tries again where that is safe, checks the answer. */
@Injectable()
export class ServiceClient {
  constructor(
    private readonly directory: Directory,
    private readonly targets: Targets,
    private readonly attempts: Attempts,
    private readonly options: ServiceClientOptions,
    private readonly clock: Clock,
  ) {}

  /**
   * @throws AppError with the code that the service answered; service.unavailable, .overloaded, .timeout or
   * .bad_response where it gave no proper answer. An abort of `signal` is passed on as it is.
   */
  async call<Request extends z.ZodType, Response extends z.ZodType>(
    route: Route<Request, Response>,
    options: CallOptions<Request> = {},
  ): Promise<z.output<Response>> {
    const { service } = route;
    const { signal } = options;
    try {
      const body = await this.ask(route, options);
      return readResult(route.response, body, service);
    } catch (error) {
      if (signal?.aborted === true) throw error;
      throw toAppError(error, service);
    }
  }

  /** Once more without what the instance does not know, where it is of an earlier release. */
  private async ask(route: Route, options: CallOptions): Promise<string> {
    try {
      return await this.send(this.outgoing(route, options), options);
    } catch (error) {
      const body = knownPart(route, options.body, error);
      if (body === undefined) throw error;
      return this.send(this.outgoing(route, { ...options, body }), options);
    }
  }

  private outgoing(route: Route, options: CallOptions): OutgoingCall {
    const wantedMs = options.timeoutMs ?? this.options.timeoutMs;
    const remainingMs = currentRequest()?.deadline?.remainingMs ?? Infinity;
    return {
      service: route.service,
      instance: options.instance,
      method: route.method,
      path: routePath(route.path, options.params, options.query),
      json: options.body === undefined ? undefined : JSON.stringify(options.body),
      token: options.token,
      headers: options.headers,
      onHeaders: options.onHeaders,
      deadline: Deadline.in(Math.min(wantedMs, remainingMs), this.clock),
    };
  }

  private send(call: OutgoingCall, { idempotent = isIdempotent(call.method), signal }: CallOptions): Promise<string> {
    const { service, deadline } = call;
    const { clock } = this;
    const tried = new Set<string>();
    const decide = (error: unknown): RetryDecision =>
      decideRetry({ error, idempotent, hasOther: this.attempts.hasOther(call, tried) });
    const budget = this.targets.budget(service);
    const policy = compose(
      timeout({ name: service, ms: deadline.remainingMs, clock }),
      retry({ name: service, attempts: maxTries, baseDelayMs, maxDelayMs, budget, decide, clock }),
    );
    return policy.execute(async (inner) => {
      await this.directory.ready(service);
      return this.attempts.once(call, tried, inner);
    }, signal);
  }
}

/** RFC 9110 §9.2.2, of the methods that routes have. */
const isIdempotent = (method: string): boolean => method === 'GET' || method === 'DELETE';
