import { AppError } from '@parley/contracts';
import type { Caller } from './caller.js';

export interface CallSignal {
  readonly signal: AbortSignal;
  /** The longest that it may take. */
  readonly limitMs: number;
  /** To be called when the call has ended, so that neither timer nor listener outlives it. */
  release(): void;
}

/**
 * One signal for one call: the caller’s, `provider.timeout` once the platform’s own limit has passed, which is the
 * provider’s fault, and `service.timeout` where the caller’s deadline was sooner, which is not.
 */
export function callSignal({ signal: caller, deadline }: Caller, maxMs: number): CallSignal {
  const controller = new AbortController();
  const abort = () => controller.abort(caller?.reason);
  const callerMs = deadline?.remainingMs ?? Infinity;
  const limitMs = Math.min(maxMs, callerMs);
  const timer = setTimeout(() => {
    const code = callerMs < maxMs ? 'service.timeout' : 'provider.timeout';
    controller.abort(new AppError(code, { internal: `no whole answer in ${limitMs} ms` }));
  }, limitMs).unref();
  if (caller?.aborted) abort();
  else caller?.addEventListener('abort', abort, { once: true });
  return {
    signal: controller.signal,
    limitMs,
    release() {
      clearTimeout(timer);
      caller?.removeEventListener('abort', abort);
    },
  };
}
