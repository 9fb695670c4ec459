import { AppError } from '@parley/contracts';
import type { Caller } from './caller.js';
import { CutShort } from './cut-short.js';

export interface CallSignal {
  readonly signal: AbortSignal;
  /** The longest that it may take. */
  readonly limitMs: number;
  /** Counts the calls to all providers. */
  readonly calls: { made: number };
  /** To be called when the call has ended, so that neither timer nor listener outlives it. */
  release(): void;
}

/**
 * One signal for one question: the caller’s, `provider.timeout` once the platform’s own limit has passed, which is the
 * provider’s fault where it was asked alone and once, and `service.timeout` where the caller’s deadline was sooner, which
 * is nobody’s.
 */
export function callSignal({ signal: caller, deadline }: Caller, maxMs: number): CallSignal {
  const controller = new AbortController();
  const calls = { made: 0 };
  const abort = () => controller.abort(caller?.reason);
  const callerMs = deadline?.remainingMs ?? Infinity;
  const limitMs = Math.min(maxMs, callerMs);
  const timer = setTimeout(() => {
    const internal = `no whole answer in ${limitMs} ms`;
    if (callerMs < maxMs) controller.abort(new AppError('service.timeout', { internal }));
    else controller.abort(calls.made > 1 ? new CutShort(internal) : new AppError('provider.timeout', { internal }));
  }, limitMs).unref();
  if (caller?.aborted) abort();
  else caller?.addEventListener('abort', abort, { once: true });
  return {
    signal: controller.signal,
    limitMs,
    calls,
    release() {
      clearTimeout(timer);
      caller?.removeEventListener('abort', abort);
    },
  };
}
