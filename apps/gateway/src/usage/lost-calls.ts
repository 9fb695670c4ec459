import { isAppError, noTokens, type ErrorCode, type UsageRecord } from '@parley/contracts';
import type { LostCall } from '@parley/llm';
import type { Ask } from '../completions/answering.js';
import type { CallEnd, OpenCall } from './call-records.js';

/** Found by ourselves while the question was written down for a provider: nothing was sent. */
const unsent = new Set<ErrorCode>([
  'request.invalid',
  'model.unsupported_parameter',
  'model.cannot_count',
  'model.cannot_embed',
]);

export const failureCode = (error: unknown): ErrorCode => (isAppError(error) ? error.code : 'service.internal');

type Used = Pick<UsageRecord, 'tokens' | 'estimated'>;

/**
 * What providers did for one call in vain. Each that was at work has a record of its own; a call that nobody answers has
 * one at least, if only of nothing used, unless no provider was asked. The last of these is the answer's: it has the id that
 * the answer's record would have, and is what the answer took.
 */
export class LostCalls {
  private readonly records: Promise<unknown>[] = [];
  private attempts = 0;
  private last: LostCall | undefined;
  /** The last that worked, where it may yet be the answer's. */
  private waiting: CallEnd | undefined;
  private over = false;

  /** The signal aborts when the caller leaves; `recordId` is the one that an answer's record would have. */
  constructor(
    private readonly call: OpenCall,
    private readonly ask: Pick<Ask, 'signal' | 'recordId' | 'onRecorded'>,
  ) {}

  /** For the router to tell of each; one may also come after another provider’s answer. */
  readonly add = (lost: LostCall): void => {
    if (unsent.has(failureCode(lost.error))) return;
    this.attempts += lost.attempts;
    this.last = lost;
    if (!lost.worked) return;
    this.keepWaiting();
    this.waiting = this.endOf(lost, lost);
    if (this.over || this.ask.recordId === undefined) this.keepWaiting();
  };

  /** Asks; where that fails, what it has cost is on record before the failure is passed on. */
  async during<T>(ask: () => Promise<T>): Promise<T> {
    try {
      const served = await ask();
      this.keepWaiting();
      return served;
    } catch (error) {
      this.keepLast(error);
      await this.kept();
      throw error;
    } finally {
      this.over = true;
    }
  }

  /** Resolves once all that was told of is on record; undefined where nothing was. */
  kept(): Promise<unknown> | undefined {
    return this.records.length > 0 ? Promise.all(this.records) : undefined;
  }

  private keepWaiting(): void {
    if (this.waiting) this.keep(this.waiting);
    this.waiting = undefined;
  }

  private keepLast(error: unknown): void {
    const { waiting, last, records } = this;
    this.waiting = undefined;
    if (waiting) this.keepAsAnswer(waiting);
    else if (last && records.length === 0)
      this.keepAsAnswer(this.endOf({ ...last, error }, { tokens: noTokens, estimated: false }));
  }

  private keepAsAnswer(end: CallEnd): void {
    const { recordId: id, onRecorded } = this.ask;
    this.keep({ ...end, id }, (cost) => onRecorded?.({ tokens: end.tokens, cost }));
  }

  private endOf({ provider, model: provider_model, error }: LostCall, { tokens, estimated }: Used): CallEnd {
    const isFailure = error !== undefined && !this.ask.signal.aborted;
    const outcome = isFailure ? 'interrupted' : 'cancelled';
    const failure = isFailure ? failureCode(error) : undefined;
    return { provider, provider_model, outcome, tokens, estimated, attempts: this.attempts, failure };
  }

  private keep(end: CallEnd, onRecorded?: (cost: string | undefined) => void): void {
    const ended = this.call.hold();
    const record = this.call.record(end).then(onRecorded);
    // Rejections are for whoever waits in `kept`; one that comes after the answer is the writer's to tell.
    record.catch(() => undefined).finally(ended);
    this.records.push(record);
  }
}
