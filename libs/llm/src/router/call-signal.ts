import { AppError } from '@parley/contracts';
import type { Deadline } from '@parley/resilience';

export interface Caller {
  /** Aborts when the caller has gone. */
  readonly signal?: AbortSignal | undefined;
  /** When the caller stops waiting; the platform’s own limit holds as well. */
  readonly deadline?: Deadline | undefined;
}

export interface CallSignal {
  readonly signal: AbortSignal;
  /** To be called when the call has ended, so that neither timer nor listener outlives it. */
  release(): void;
}

/** One signal for one call: the caller’s, and `provider.timeout` once the time is up. */
export function callSignal({ signal: caller, deadline }: Caller, maxMs: number): CallSignal {
  const controller = new AbortController();
  const abort = () => controller.abort(caller?.reason);
  const limitMs = Math.min(maxMs, deadline?.remainingMs ?? maxMs);
  const timer = setTimeout(() => {
    controller.abort(new AppError('provider.timeout', { internal: `no whole answer in ${limitMs} ms` }));
  }, limitMs).unref();
  if (caller?.aborted) abort();
  else caller?.addEventListener('abort', abort, { once: true });
  return {
    signal: controller.signal,
    release() {
      clearTimeout(timer);
      caller?.removeEventListener('abort', abort);
    },
  };
}
