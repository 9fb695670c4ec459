import { Injectable } from '@nestjs/common';
import {
  AppError,
  askedInHeader,
  askModel,
  costHeader,
  expertQueryHeader,
  isAppError,
  type ExpertAnswer,
} from '@parley/contracts';
import { ServiceClient } from '@parley/service-client';
import { Clock, currentRequest } from '@parley/service-kit';
import { readAnswer, readCost, readTokens } from './answer.js';
import { AskingOptions } from './asking.options.js';
import type { EquippedExpert } from './models.js';
import { promptFor, type Asked } from './prompt.js';

/** One question, and who is to answer it. */
export interface Asking extends Asked {
  readonly queryId: string;
  readonly experts: readonly EquippedExpert[];
  /** The caller's own: the gateway judges, limits and accounts for each call as one of the caller's. */
  readonly token: string;
  /** The session that asks, where one does: the gateway's word, handed back to it. */
  readonly askedIn: string | undefined;
  /** Aborts when nobody waits for the query any more. */
  readonly signal: AbortSignal;
}

/** By these the gateway says that the time was up before ours was. */
const tooLate: ReadonlySet<string> = new Set(['provider.timeout', 'service.timeout']);

type Outcome = Pick<ExpertAnswer, 'status'> & Partial<ExpertAnswer>;

/** Asks single experts through the gateway. None is ever asked twice: each call is paid for. */
@Injectable()
export class ExpertCalls {
  constructor(
    private readonly client: ServiceClient,
    private readonly options: AskingOptions,
    private readonly clock: Clock,
  ) {}

  /** What came of it; an expert that fails or is late says so in its answer. Rejects only when `signal` aborts. */
  async ask(expert: EquippedExpert, asking: Asking): Promise<ExpertAnswer> {
    const { id, model } = expert;
    const startedAt = this.clock.now();
    const outcome = await this.complete(expert, asking);
    const latency_ms = Math.max(0, Math.round(this.clock.now() - startedAt));
    return { ...nothing, expert: id, model, ...outcome, latency_ms };
  }

  private async complete(expert: EquippedExpert, asking: Asking): Promise<Outcome> {
    const { queryId, askedIn, token, signal } = asking;
    const timeoutMs = this.timeLimitMs();
    // Not the client's own time-out, which would count a slow model as a failure of the gateway's instance.
    const late = new AbortController();
    const cancel = this.clock.setTimeout(() => late.abort(new AppError('provider.timeout')), timeoutMs);
    let cost: string | null = null;
    try {
      const completion = await this.client.call(askModel, {
        body: { model: expert.model, messages: promptFor(expert, asking) },
        token,
        headers: { [expertQueryHeader]: queryId, ...(askedIn !== undefined && { [askedInHeader]: askedIn }) },
        onHeaders: (headers) => (cost = readCost(headers[costHeader])),
        signal: AbortSignal.any([signal, late.signal]),
        timeoutMs: timeoutMs + graceMs,
        idempotent: false,
      });
      return { ...readAnswer(completion, asking), model: completion.model, tokens: readTokens(completion), cost };
    } catch (error) {
      signal.throwIfAborted();
      return failure(error);
    } finally {
      cancel();
    }
  }

  /** Ends early enough for the caller to hear of those that were in time. */
  private timeLimitMs(): number {
    const remainingMs = currentRequest()?.deadline?.remainingMs ?? Infinity;
    return Math.max(1, Math.min(this.options.timeoutMs, remainingMs - answerMs));
  }
}

/** What is left of a caller's deadline for storing the end and answering. */
const answerMs = 500;
/** So that our own timer fires before the client's. */
const graceMs = 1_000;

const nothing = { answer: null, reasoning: null, error_code: null, tokens: null, cost: null } as const;

function failure(error: unknown): Outcome {
  const error_code = isAppError(error) ? error.code : 'service.internal';
  return { status: tooLate.has(error_code) ? 'timed_out' : 'failed', error_code };
}
