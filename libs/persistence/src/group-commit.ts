import { AppError } from '@parley/contracts';
import { systemClock, type Clock } from '@parley/resilience';
import { isDataError, isUnavailable, translateError } from './database-errors.js';

export interface GroupCommitOptions<Row> {
  /**
   * Commits the rows by one statement, all or none. It is also called with no rows, to learn whether the database is
   * back after a failure, so it must reach the database even then.
   */
  readonly flush: (rows: Row[]) => Promise<void>;
  /** Rows of one statement at most; default 500. */
  readonly maxRows?: number;
  /** Rows that may wait for the running batch; over it `write` is refused. Default 10,000. */
  readonly maxWaiting?: number;
  /** A row without a commit after this long is refused; default 2,000 ms. */
  readonly timeoutMs?: number;
  readonly clock?: Clock;
}

interface Entry<Row> {
  readonly row: Row;
  readonly answer: PromiseWithResolvers<void>;
  readonly deadline: number;
}

/** How often a failed database is tried again. */
const probeMs = 250;

/**
 * Commits rows of many callers together. One batch is under way at a time, and the next, with everything that came in
 * meanwhile, leaves the moment it is done: under load batches grow by themselves, and an idle row never waits.
 */
export class GroupCommit<Row> {
  private readonly flush: (rows: Row[]) => Promise<void>;
  private readonly maxRows: number;
  private readonly maxWaiting: number;
  private readonly timeoutMs: number;
  private readonly clock: Clock;
  private waiting: Entry<Row>[] = [];
  /** Every row that has no answer yet, waiting or under way, oldest first. */
  private readonly open = new Set<Entry<Row>>();
  private running = false;
  private failing = false;
  private closed = false;
  private cancelExpiry: (() => void) | undefined;
  private cancelProbe: (() => void) | undefined;

  constructor(options: GroupCommitOptions<Row>) {
    this.flush = options.flush;
    this.maxRows = options.maxRows ?? 500;
    this.maxWaiting = options.maxWaiting ?? 10_000;
    this.timeoutMs = options.timeoutMs ?? 2_000;
    this.clock = options.clock ?? systemClock;
  }

  /** False from a failed or overdue batch until the database answers again; work whose record could not be kept is better refused. */
  get available(): boolean {
    return !this.failing && !this.closed;
  }

  /**
   * Resolves after the row's commit.
   * @throws AppError service.overloaded when too many rows wait; service.unavailable when the database fails or no
   *   commit came in time, and then the row may have been written or not; the database's error when the row is at fault.
   */
  async write(row: Row): Promise<void> {
    if (this.closed) throw new AppError('service.draining');
    if (this.waiting.length >= this.maxWaiting)
      throw new AppError('service.overloaded', { internal: `${this.maxWaiting} rows wait for a commit` });
    const entry: Entry<Row> = { row, deadline: this.clock.now() + this.timeoutMs, answer: Promise.withResolvers() };
    this.waiting.push(entry);
    this.open.add(entry);
    this.expireLater();
    this.start();
    return entry.answer.promise;
  }

  /** Takes no more rows and waits for those it has. */
  async close(): Promise<void> {
    this.closed = true;
    this.cancelProbe?.();
    await Promise.allSettled([...this.open].map((entry) => entry.answer.promise));
  }

  private start(): void {
    if (this.running) return;
    this.running = true;
    // Rows written in the same turn of the event loop share the first batch, whichever sockets they came from.
    setImmediate(() => void this.drain());
  }

  private async drain(): Promise<void> {
    do await this.commit(this.waiting.splice(0, this.maxRows));
    while (this.waiting.length > 0);
    this.running = false;
  }

  /** A batch that fails by its data is halved until only the rows at fault are left to fail. */
  private async commit(batch: readonly Entry<Row>[]): Promise<void> {
    try {
      await this.flush(batch.map((entry) => entry.row));
      this.failing = false;
      this.settle(batch, (answer) => answer.resolve());
    } catch (error) {
      if (batch.length > 1 && isDataError(error)) {
        const middle = batch.length >> 1;
        await this.commit(batch.slice(0, middle));
        await this.commit(batch.slice(middle));
        return;
      }
      this.settle(batch, (answer) => answer.reject(translateError(error)));
      if (isUnavailable(error)) this.probeLater();
      else this.failing = false;
    }
  }

  private settle(entries: Iterable<Entry<Row>>, how: (answer: PromiseWithResolvers<void>) => void): void {
    for (const entry of entries) {
      this.open.delete(entry);
      how(entry.answer);
    }
    if (this.open.size > 0) return;
    this.cancelExpiry?.();
    this.cancelExpiry = undefined;
  }

  /** One timer, for the oldest row: rows expire in the order they came. */
  private expireLater(): void {
    const [oldest] = this.open;
    if (this.cancelExpiry !== undefined || oldest === undefined) return;
    this.cancelExpiry = this.clock.setTimeout(() => {
      this.cancelExpiry = undefined;
      this.expire(this.clock.now());
      this.expireLater();
    }, oldest.deadline - this.clock.now());
  }

  private expire(now: number): void {
    const overdue = [...this.open].filter((entry) => entry.deadline <= now);
    if (overdue.length === 0) return;
    const internal = `No commit within ${this.timeoutMs} ms`;
    this.settle(overdue, (answer) =>
      answer.reject(new AppError('service.unavailable', { internal, retryAfterMs: 1_000 })),
    );
    this.waiting = this.waiting.filter((entry) => this.open.has(entry));
    this.probeLater();
  }

  /** Until a batch succeeds, tries one without rows, so that no caller's work is spent on finding out. */
  private probeLater(): void {
    this.failing = true;
    if (this.closed) return;
    this.cancelProbe ??= this.clock.setTimeout(() => {
      this.cancelProbe = undefined;
      if (!this.failing) return;
      if (this.running) this.probeLater();
      else this.start();
    }, probeMs);
  }
}
