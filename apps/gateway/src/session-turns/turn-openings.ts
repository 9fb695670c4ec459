import { setTimeout as wait } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import {
  AppError,
  awaitTurn,
  isAppError,
  leaveTurnQueue,
  openTurn,
  openWaitingTurn,
  type OpenedTurn,
  type OpenTurnRequest,
  type QueuedTurn,
} from '@parley/contracts';
import { ServiceClient } from '@parley/service-client';
import { Log, Shutdown } from '@parley/service-kit';
import type { Ask } from '../completions/answering.js';

/** A long conversation takes a while to be read and sent. */
const openTimeoutMs = 30_000;

/** Added to the time that sessions names, so that those who wait do not all ask at once. */
const maxJitterMs = 50;

/** Opens turns. One that has to wait for those before it does so here: sessions keeps its place while it is asked again. */
@Injectable()
export class TurnOpenings {
  private readonly draining = new AbortController();

  constructor(
    private readonly client: ServiceClient,
    private readonly log: Log,
    shutdown: Shutdown,
  ) {
    shutdown.register('work', () => {
      this.draining.abort(new AppError('service.draining'));
      return Promise.resolve();
    });
  }

  /** A caller who leaves while their turn waits gives up its place. @throws AppError as `openTurn` and `awaitTurn` say. */
  async open(
    sessionId: string,
    request: OpenTurnRequest,
    { token, signal }: Pick<Ask, 'token' | 'signal'>,
  ): Promise<OpenedTurn> {
    const answer = await this.client.call(openTurn, {
      params: { id: sessionId },
      body: { ...request, wait: true },
      token,
      timeoutMs: openTimeoutMs,
      idempotent: true,
    });
    if (!('queued' in answer)) return answer;
    const { turn_id: id, ...question } = request;
    return this.afterOthers({ id, queued: answer, question }, AbortSignal.any([signal, this.draining.signal]));
  }

  private async afterOthers({ id, queued, question }: Waiting, signal: AbortSignal): Promise<OpenedTurn> {
    const { lease } = queued;
    const target = { params: { id }, idempotent: true };
    let again = queued.retry_after_ms;
    try {
      for (;;) {
        await wait(again + Math.random() * maxJitterMs, undefined, { signal });
        const place = await this.client.call(awaitTurn, { ...target, body: { lease }, signal });
        again = place.retry_after_ms;
        if (!place.may_open) continue;
        // A caller who leaves from here on leaves a turn that is open, which is answered.
        const body = { ...question, lease };
        const opened = await this.client.call(openWaitingTurn, { ...target, body, timeoutMs: openTimeoutMs });
        if (!('queued' in opened)) return opened;
      }
    } catch (error) {
      this.leave(id, lease);
      signal.throwIfAborted();
      throw isAppError(error) && error.code === 'turn.not_found' ? placeLost(error) : error;
    }
  }

  /** Where that fails the place is lost by itself, in a few seconds. */
  private leave(id: string, lease: string): void {
    this.client
      .call(leaveTurnQueue, { params: { id }, body: { lease }, idempotent: true })
      .catch((err: unknown) => this.log.warn({ err, turn_id: id }, 'a turn that waits no more was left in its queue'));
  }
}

interface Waiting {
  readonly id: string;
  readonly queued: QueuedTurn;
  readonly question: Omit<OpenTurnRequest, 'turn_id'>;
}

/** Sessions was not reached for longer than it keeps a place. */
const placeLost = (cause: AppError): AppError => new AppError('session.busy', { cause, retryAfterMs: 1_000 });
