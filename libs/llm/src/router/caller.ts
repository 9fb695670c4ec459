import type { TokenCounts } from '@parley/contracts';
import type { Deadline } from '@parley/resilience';
import type { Route } from './route.js';

/** A provider that was asked for an answer which the caller did not get from it. */
export interface LostCall {
  readonly provider: string;
  /** The provider’s own name of the model. */
  readonly model: string;
  /** Calls made to it, at least 1. */
  readonly attempts: number;
  /** Why: its failure, the reason why the caller left, or nothing where another one answered first. */
  readonly error?: unknown;
  /** What it was asked and has given where it was at work: a refusal and silence cost nothing. */
  readonly tokens: TokenCounts;
  readonly estimated: boolean;
  /** True where it has cost something. */
  readonly worked: boolean;
}

/** Who asks, how long the answer matters to them, and what may answer. */
export interface Caller {
  /** Aborts when the caller has gone. */
  readonly signal?: AbortSignal | undefined;
  /** When the caller stops waiting; the platform’s own limit holds as well. */
  readonly deadline?: Deadline | undefined;
  /** The models that may answer; without it the one that the request names. */
  readonly route?: Route | undefined;
  /** After so long without an answer a second one is asked for, and the first to begin is taken. */
  readonly hedgeAfterMs?: number | undefined;
  /** Told of each provider that was asked in vain, also after the caller has its answer. */
  readonly onLost?: ((lost: LostCall) => void) | undefined;
}
