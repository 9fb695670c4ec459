import { RejectedError, type Bulkhead } from '@parley/resilience';

/** Who wants a place. */
interface Asker {
  readonly signal: AbortSignal;
  /** Nobody else can be asked, so that waiting for a place is worth it. */
  readonly isLast: boolean;
}

/**
 * The bulkheads that a call has to pass, narrowest first: the model’s, the credential’s, the provider’s. Who waits at a
 * wider one holds places of the narrower ones alone, which nobody else’s calls need.
 */
export class BulkheadChain {
  constructor(private readonly bulkheads: readonly Bulkhead[]) {}

  /** @throws RejectedError bulkhead_full, at once for one who can ask somebody else. */
  execute<T>({ signal, isLast }: Asker, fn: () => Promise<T>): Promise<T> {
    const full = isLast ? undefined : this.bulkheads.find(({ hasRoom }) => !hasRoom);
    if (full) return Promise.reject(new RejectedError('bulkhead_full', full.name));
    return this.enter(0, signal, fn);
  }

  private enter<T>(index: number, signal: AbortSignal, fn: () => Promise<T>): Promise<T> {
    const bulkhead = this.bulkheads[index];
    return bulkhead ? bulkhead.execute(() => this.enter(index + 1, signal, fn), signal) : fn();
  }
}
