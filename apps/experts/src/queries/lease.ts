import type { Clock, Log } from '@parley/service-kit';

/** A lease outlives two renewals that fail. */
const renewalsPerLease = 3;

export interface LeaseOptions {
  readonly leaseMs: number;
  /** Answers false when the lease was lost. */
  readonly renew: () => Promise<boolean>;
  readonly onLost: () => void;
  readonly clock: Clock;
  readonly log: Log;
}

/** Renews a lease until it is let go or lost; answers the function that lets go. A renewal that fails is tried again. */
export function keepLease({ leaseMs, renew, onLost, clock, log }: LeaseOptions): () => void {
  let kept = true;
  let cancel: () => void = () => undefined;
  const plan = (): void => {
    cancel = clock.setTimeout(() => {
      renew()
        .catch((err: unknown) => {
          log.warn({ err }, 'the lease of a query could not be renewed');
          return true;
        })
        .then((renewed) => {
          if (!kept) return;
          if (renewed) plan();
          else onLost();
        })
        .catch((err: unknown) => log.error({ err }, 'the loss of a lease could not be told'));
    }, leaseMs / renewalsPerLease);
  };
  plan();
  return () => {
    kept = false;
    cancel();
  };
}
