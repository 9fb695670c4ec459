import {
  checkpointTurn,
  completeTurn,
  interruptTurn,
  isAppError,
  summariseTurn,
  type AppError,
  type Block,
  type ContextCut,
  type Interruption,
  type Stop,
  type TokenCounts,
  type TurnUsage,
} from '@parley/contracts';
import type { ServiceClient } from '@parley/service-client';
import type { Clock, Log } from '@parley/service-kit';
import type { Spent } from '../completions/answering.js';
import type { Summary } from './context/summaries.js';
import { stopped, type TurnEnd } from './turn-stops.js';

/** What has come of the answer. */
export interface Progress {
  readonly content: readonly Block[];
  readonly model?: string | undefined;
  /** What it has used so far, for the record in case that this gateway is lost. */
  readonly usage?: TurnUsage | undefined;
}

export interface Lease {
  readonly turnId: string;
  /** The credential of the turn. */
  readonly lease: string;
  readonly leaseMs: number;
  /** How the turn is ended before its time. */
  readonly end: TurnEnd;
}

/** A gateway that is killed loses at most what came in this time. */
const checkpointMs = 1_000;

/** One open turn of a session, kept up by checkpoints until it is completed or interrupted. */
export class SessionTurn {
  /** What the model is not given of the conversation. */
  cut: ContextCut | undefined;
  /** What the answer has used and cost, once that is on record. */
  spent: Spent | undefined;
  /** Sessions knows nothing of the turn any more: the session was deleted. */
  gone = false;
  private readonly over = Promise.withResolvers<undefined>();
  private cancelNext: () => void = () => undefined;
  private checkpoint: Promise<void> = Promise.resolve();
  private saved: { readonly at: number; readonly size: number };
  private ending = false;

  constructor(
    private readonly lease: Lease,
    private readonly progress: () => Progress,
    private readonly client: Pick<ServiceClient, 'call'>,
    private readonly clock: Clock,
    private readonly log: Pick<Log, 'warn'>,
  ) {
    this.saved = { at: clock.now(), size: 0 };
    this.plan();
  }

  get id(): string {
    return this.lease.turnId;
  }

  /** Aborts when the answer is to end: somebody stops it, the session was deleted, the lease ran out, the process ends. */
  get signal(): AbortSignal {
    return this.lease.end.abort.signal;
  }

  /** Resolves once the turn has ended, whichever way. */
  get ended(): Promise<unknown> {
    return this.over.promise;
  }

  /** Keeps a summary of what was said before the turn, for the turns that follow. */
  async keepSummary(summary: Summary): Promise<void> {
    await this.client.call(summariseTurn, { ...this.target, body: { ...summary, lease: this.lease.lease } });
  }

  /** Resolves once the whole answer is stored. @throws AppError when it could not be; the turn is then to be interrupted. */
  async complete(stop: Stop, tokens: TokenCounts): Promise<void> {
    await this.end();
    const body = { ...this.body(), stop, tokens, cost_usd: this.spent?.cost };
    await this.client.call(completeTurn, { ...this.target, body });
    this.over.resolve(undefined);
  }

  /** Keeps what there is of the answer. Where that fails too, the lease runs out. */
  async interrupt(): Promise<void> {
    await this.end();
    try {
      const { tokens, cost: cost_usd } = this.spent ?? {};
      const body = { ...this.body(), reason: this.interruption(), tokens, cost_usd };
      await this.client.call(interruptTurn, { ...this.target, body });
    } catch (err) {
      this.gone = isGone(err);
      this.log.warn({ err, turn_id: this.lease.turnId }, 'a turn was left to its lease');
    }
    this.over.resolve(undefined);
  }

  /** Ends the answer with `error`; who reads it then interrupts the turn. */
  abandon(error: AppError): void {
    this.lease.end.abort.abort(error);
  }

  /** No checkpoint comes after the end. */
  private end(): Promise<void> {
    this.ending = true;
    this.cancelNext();
    return this.checkpoint;
  }

  private plan(): void {
    this.cancelNext = this.clock.setTimeout(() => {
      this.checkpoint = this.save().finally(() => {
        if (!this.ending) this.plan();
      });
    }, checkpointMs);
  }

  /** Where something has come, where the lease wants it, or where a stop may have been missed. */
  private async save(): Promise<void> {
    const body = this.body();
    const size = JSON.stringify(body.content).length;
    const now = this.clock.now();
    const { saved, lease } = this;
    if (size === saved.size && now - saved.at < lease.leaseMs / 3 && lease.end.heardSince(saved.at)) return;
    try {
      const { stopping } = await this.client.call(checkpointTurn, {
        ...this.target,
        body: { ...body, usage: this.progress().usage },
      });
      this.saved = { at: now, size };
      if (stopping) this.abandon(stopped());
    } catch (error) {
      if (isAppError(error) && error.code.startsWith('turn.')) this.abandon(error);
      else this.log.warn({ err: error, turn_id: this.lease.turnId }, 'a checkpoint of a turn failed');
    }
  }

  private interruption(): Interruption {
    const cause: unknown = this.signal.reason;
    return isAppError(cause) && cause.code === 'turn.stopped' ? 'cancelled' : 'failed';
  }

  private body() {
    const { content, model } = this.progress();
    return { lease: this.lease.lease, content: [...content], model, context: this.cut };
  }

  private get target() {
    return { params: { id: this.lease.turnId }, idempotent: true };
  }
}

const isGone = (error: unknown): boolean => isAppError(error) && error.code === 'turn.not_found';
