import { AsyncLocalStorage } from 'node:async_hooks';
import type { Deadline } from '@parley/resilience';
import type { Log } from '../log/log.js';

/** What is known about the request (or event) at hand, wherever the code runs. */
export interface RequestContext {
  readonly requestId: string;
  /** W3C Trace Context: the server's span where the SDK runs, else as received, else made here. */
  readonly traceparent: string;
  /** Set once the caller's token is verified. */
  tenantId?: string | undefined;
  /** When the caller stops waiting, where it said so. */
  readonly deadline?: Deadline | undefined;
  readonly log: Log;
}

const storage = new AsyncLocalStorage<RequestContext>();

/** The request at hand; undefined outside of one (start-up, timers). */
export const currentRequest = (): RequestContext | undefined => storage.getStore();

/** Runs `fn`, and all that it starts, as part of `request`. */
export const runInRequest = <T>(request: RequestContext, fn: () => T): T => storage.run(request, fn);
