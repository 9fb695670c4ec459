import type { StreamBatch } from '@parley/contracts';

/**
 * A stream whose first batch was read already. `ended` resolves when it is over in any way: read to the end, failed,
 * left early, or aborted before anyone read it.
 */
export class HeldStream implements AsyncIterableIterator<StreamBatch> {
  readonly ended: Promise<undefined>;
  private readonly end: () => void;
  private isFirst = true;

  constructor(
    readonly first: StreamBatch,
    private readonly rest: AsyncIterator<StreamBatch>,
    signal: AbortSignal,
  ) {
    const ended = Promise.withResolvers<undefined>();
    this.ended = ended.promise;
    this.end = () => {
      signal.removeEventListener('abort', this.end);
      ended.resolve(undefined);
    };
    signal.addEventListener('abort', this.end, { once: true });
    if (signal.aborted) this.end();
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
      this.end();
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
