import type { Clock } from '@parley/resilience';
import { askInTurn, putOff, type Answered, type Asking } from './ask-in-turn.js';
import { mayGoBetterElsewhere, mostTelling } from './failover.js';
import type { Lane } from './lane.js';

/** Aborts who was slower; no failure of anybody. */
export const outrun = new Error('another one answered first');

interface Run<T> {
  readonly answer: Promise<Answered<T>>;
  leave(): void;
}

/**
 * As `askInTurn`, and where nobody has answered after `afterMs` the next lane is asked besides, or the only one once
 * more; the first answer is taken, and who is slower is left (Dean and Barroso, The Tail at Scale, 2013). It costs as
 * much as a retry, and comes out of the same budget, of which it leaves half to retries.
 */
export async function askHedged<T>(asking: Asking<T>, lanes: readonly Lane[], afterMs: number): Promise<Answered<T>> {
  const plan = [...lanes];
  const first = run(asking, plan);
  if (await settlesWithin(first.answer, afterMs, asking.clock)) return first.answer;
  if (lanes[0]) putOff(plan, lanes[0]);
  const [spare = lanes[0]] = plan;
  if (!spare?.mayHedge()) return first.answer;
  const second = run(asking, plan.length > 0 ? plan : [spare]);
  return firstOf([first, second], asking);
}

function run<T>(asking: Asking<T>, plan: Lane[]): Run<T> {
  const own = new AbortController();
  const signal = AbortSignal.any([asking.signal, own.signal]);
  return { answer: askInTurn({ ...asking, signal }, plan), leave: () => own.abort(outrun) };
}

async function settlesWithin(work: Promise<unknown>, ms: number, clock: Clock): Promise<boolean> {
  const { promise: late, resolve } = Promise.withResolvers<false>();
  const cancel = clock.setTimeout(() => resolve(false), ms);
  const settled = work.then(
    () => true,
    () => true,
  );
  return Promise.race([settled, late]).finally(cancel);
}

/** A mistake of the caller’s ends them all; a failure waits for what the other one brings. */
function firstOf<T>(runs: readonly Run<T>[], asking: Asking<T>): Promise<Answered<T>> {
  return new Promise((resolve, reject) => {
    const errors: unknown[] = [];
    let over = false;
    const end = (by: Run<T>, settle: () => void): void => {
      over = true;
      settle();
      for (const other of runs) if (other !== by) other.leave();
    };
    for (const one of runs) {
      one.answer.then(
        (answered) => {
          if (over) asking.outrun(answered.lane, answered.value);
          else end(one, () => resolve(answered));
        },
        (error: unknown) => {
          errors.push(error);
          if (!over && (errors.length === runs.length || !mayGoBetterElsewhere(error)))
            end(one, () => reject(mostTelling(errors)));
        },
      );
    }
  });
}
