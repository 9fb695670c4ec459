import { systemClock, type Clock } from '../clock.js';
import { PolicyEvents, type PolicyListener } from '../events.js';
import { neverAborts, type Policy } from '../policy.js';
import { RejectedError } from '../rejected.js';
import { reasonOf } from '../until-aborted.js';

export interface BulkheadOptions {
  /** What it protects, for logs and metrics. */
  readonly name: string;
  readonly maxConcurrent: number;
  /** Callers that may wait for a place; one more is refused at once. 0 means that nobody waits. */
  readonly maxQueued: number;
  /** A caller that has waited this long is refused. */
  readonly queueTimeoutMs: number;
  readonly clock?: Clock;
}

/** Lets `maxConcurrent` calls run at a time; a bounded queue waits, first come first served, and the rest is refused. */
export class Bulkhead implements Policy {
  private running = 0;
  /** Functions that hand a place to a waiting caller; a Set keeps their order and loses one in constant time. */
  private readonly waiting = new Set<() => void>();
  private readonly clock: Clock;
  private readonly events = new PolicyEvents();

  constructor(private readonly options: BulkheadOptions) {
    this.clock = options.clock ?? systemClock;
  }

  get name(): string {
    return this.options.name;
  }

  /** True where a call would begin at once. */
  get hasRoom(): boolean {
    return this.running < this.options.maxConcurrent;
  }

  get active(): number {
    return this.running;
  }

  get queued(): number {
    return this.waiting.size;
  }

  on(listener: PolicyListener): () => void {
    return this.events.on(listener);
  }

  async execute<T>(fn: (signal: AbortSignal) => Promise<T>, signal = neverAborts): Promise<T> {
    signal.throwIfAborted();
    if (this.hasRoom) this.running += 1;
    else await this.place(signal);
    try {
      return await fn(signal);
    } finally {
      this.leave();
    }
  }

  /** Hands the place on without giving it back in between, so that nobody overtakes the queue. */
  private leave(): void {
    const [next] = this.waiting;
    if (next) next();
    else this.running -= 1;
  }

  private place(signal: AbortSignal): Promise<void> {
    if (this.waiting.size >= this.options.maxQueued) return Promise.reject(this.refusal());
    return new Promise((resolve, reject) => {
      const stopWaiting = () => {
        this.waiting.delete(enter);
        cancel();
        signal.removeEventListener('abort', abort);
      };
      const enter = () => {
        stopWaiting();
        resolve();
      };
      const abort = () => {
        stopWaiting();
        reject(reasonOf(signal));
      };
      const cancel = this.clock.setTimeout(() => {
        stopWaiting();
        reject(this.refusal());
      }, this.options.queueTimeoutMs);
      signal.addEventListener('abort', abort, { once: true });
      this.waiting.add(enter);
    });
  }

  private refusal(): RejectedError {
    this.events.emit({ kind: 'rejected', name: this.options.name, reason: 'bulkhead_full' });
    return new RejectedError('bulkhead_full', this.options.name);
  }
}

export const bulkhead = (options: BulkheadOptions): Bulkhead => new Bulkhead(options);
