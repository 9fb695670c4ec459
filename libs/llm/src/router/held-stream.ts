import type { StreamBatch } from '@parley/contracts';

/**
 * A stream whose first batch was read already. `ended` resolves when it is over in any way: with nothing when it was read
 * to the end or left early, with the failure that broke it off, or with the reason of the signal that aborted it.
 */
export class HeldStream implements AsyncIterableIterator<StreamBatch> {
  readonly ended: Promise<unknown>;
  private readonly end: (failure?: unknown) => void;
  private isFirst = true;

  constructor(
    readonly first: StreamBatch,
    private readonly rest: AsyncIterator<StreamBatch>,
    signal: AbortSignal,
  ) {
    const ended = Promise.withResolvers<unknown>();
    const abort = () => this.end(signal.reason);
    this.ended = ended.promise;
    this.end = (failure) => {
      signal.removeEventListener('abort', abort);
      ended.resolve(failure);
    };
    signal.addEventListener('abort', abort, { once: true });
    if (signal.aborted) abort();
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async next(): Promise<IteratorResult<StreamBatch>> {
    if (this.isFirst) {
      this.isFirst = false;
      return { done: false, value: this.first };
    }
    try {
      const result = await this.rest.next();
      if (result.done) this.end();
      return result;
    } catch (error) {
      this.end(error);
      throw error;
    }
  }

  async return(): Promise<IteratorResult<StreamBatch>> {
    this.isFirst = false;
    await this.rest.return?.();
    this.end();
    return { done: true, value: undefined };
  }
}
