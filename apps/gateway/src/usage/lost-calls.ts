import { isAppError, noTokens, type ErrorCode, type UsageRecord } from '@parley/contracts';
import type { LostCall } from '@parley/llm';
import type { Ask } from '../completions/answering.js';
import type { OpenCall } from './call-records.js';

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
 * What providers did for one call in vain. Each that was at work has a record of its own; a call that nobody answered has
 * one at least, if only of nothing used, unless no provider was asked.
 */
export class LostCalls {
  private readonly records: Promise<unknown>[] = [];
  private attempts = 0;
  private last: LostCall | undefined;

  /** The signal aborts when the caller leaves; `recordId` is the one that an answer's record would have. */
  constructor(
    private readonly call: OpenCall,
    private readonly ask: Pick<Ask, 'signal' | 'recordId'>,
  ) {}

  /** For the router to tell of each; one may also come after another provider’s answer. */
  readonly add = (lost: LostCall): void => {
    if (unsent.has(failureCode(lost.error))) return;
    this.attempts += lost.attempts;
    this.last = lost;
    if (lost.worked) this.keep(lost, lost);
  };

  /** Asks; where that fails, what it has cost is on record before the failure is passed on. */
  async during<T>(ask: () => Promise<T>): Promise<T> {
    try {
      return await ask();
    } catch (error) {
      if (this.last && this.records.length === 0)
        this.keep({ ...this.last, error }, { tokens: noTokens, estimated: false }, this.ask.recordId);
      await this.kept();
      throw error;
    }
  }

  /** Resolves once all that was told of is on record; undefined where nothing was. */
  kept(): Promise<unknown> | undefined {
    return this.records.length > 0 ? Promise.all(this.records) : undefined;
  }

  private keep({ provider, model: provider_model, error }: LostCall, { tokens, estimated }: Used, id?: string): void {
    const isFailure = error !== undefined && !this.ask.signal.aborted;
    const outcome = isFailure ? 'interrupted' : 'cancelled';
    const failure = isFailure ? failureCode(error) : undefined;
    const { attempts } = this;
    const ended = this.call.hold();
    const record = this.call.record({ id, provider, provider_model, outcome, tokens, estimated, attempts, failure });
    // Rejections are for whoever waits in `kept`; one that comes after the answer is the writer's to tell.
    record.catch(() => undefined).finally(ended);
    this.records.push(record);
  }
}
