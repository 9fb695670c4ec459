import { AppError } from '@parley/contracts';
import type { Clock } from '@parley/resilience';
import { CutShort } from './cut-short.js';
import { mayBeOfAllCredentials, mayGoBetterElsewhere, mostTelling } from './failover.js';
import type { Lane, Outcome, Turn } from './lane.js';

/** One question on its way to those who can answer it. */
export interface Asking<T> {
  readonly signal: AbortSignal;
  /** Until it has to be answered. */
  remainingMs(): number;
  readonly clock: Clock;
  /** Counts the calls to all providers. */
  readonly calls: Turn['calls'];
  ask(lane: Lane, turn: Turn): Promise<Outcome<T>>;
  /** Told of a lane that was asked in vain. */
  failed(lane: Lane, outcome: Extract<Outcome<T>, { ok: false }>): void;
  /** Told of an answer that another one was faster than. */
  outrun(lane: Lane, value: T): void;
}

/** An answer and who gave it. */
export interface Answered<T> {
  readonly lane: Lane;
  readonly value: T;
}

/** A half that is all but this much of a first-byte time counts as the whole: planning has taken the rest. */
const nearly = 0.99;

const silenceOf = (lane: Lane, ms: number): AppError => {
  const internal = `no answer in ${ms} ms, and others can be asked`;
  if (ms < nearly * lane.firstByteTimeoutMs) return new CutShort(internal);
  return new AppError('provider.timeout', { internal });
};

/** Who keeps silent leaves half of the time to the others. That is a fault only where half is all that a first byte may take. */
async function askForHalfTheTime<T>(asking: Asking<T>, lane: Lane): Promise<Outcome<T>> {
  const silence = new AbortController();
  const ms = asking.remainingMs() / 2;
  const cancel = asking.clock.setTimeout(() => silence.abort(silenceOf(lane, ms)), ms);
  try {
    const signal = AbortSignal.any([asking.signal, silence.signal]);
    return await asking.ask(lane, { signal, calls: asking.calls, isLast: false });
  } finally {
    cancel();
  }
}

/** Puts the other credentials of this very model behind all other targets. */
export function putOff(plan: Lane[], { provider, model }: Lane): void {
  const isSame = (lane: Lane) => lane.provider === provider && lane.model === model;
  plan.sort((a, b) => Number(isSame(a)) - Number(isSame(b)));
}

/**
 * Asks one lane after the other, taking them off the plan, until one answers.
 * @throws the failure that says most, or the caller’s own mistake where the first lane found one: nobody else is asked then
 */
export async function askInTurn<T>(asking: Asking<T>, plan: Lane[]): Promise<Answered<T>> {
  const { signal, calls } = asking;
  const errors: unknown[] = [];
  for (let lane = plan.shift(); lane; lane = plan.shift()) {
    const isLast = plan.length === 0;
    const outcome = await (isLast ? asking.ask(lane, { signal, calls, isLast }) : askForHalfTheTime(asking, lane));
    if (outcome.ok) return { lane, value: outcome.value };
    asking.failed(lane, outcome);
    if (signal.aborted) throw outcome.error;
    errors.push(outcome.error);
    if (!mayGoBetterElsewhere(outcome.error)) break;
    if (mayBeOfAllCredentials(outcome.error)) putOff(plan, lane);
  }
  throw mostTelling(errors);
}
