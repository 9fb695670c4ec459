import { Injectable } from '@nestjs/common';
import { AppError, type Identity, type LiveFormat } from '@parley/contracts';
import { Clock, currentRequest, Shutdown } from '@parley/service-kit';
import { LiveReader } from './live-reader.js';
import type { Bookmark } from './place.js';
import { LiveBounds, Seats } from './seats.js';
import { Watches } from './watches.js';

/** What a reader asks for. */
export interface Wish {
  readonly sessionId: string;
  readonly format: LiveFormat;
  /** Where it goes on; absent for the beginning of the newest turn. */
  readonly from: Bookmark | undefined;
}

/** Lets readers in, and sees to it that each comes to an end. */
@Injectable()
export class LiveReaders {
  private readonly drain = new AbortController();

  constructor(
    private readonly watches: Watches,
    private readonly seats: Seats,
    private readonly bounds: LiveBounds,
    private readonly clock: Clock,
    shutdown: Shutdown,
  ) {
    shutdown.register('intake', () => this.drain.abort(new AppError('service.draining')));
  }

  /**
   * Ends without a word when the reader has left. @throws AppError session.not_found, service.overloaded,
   * request.rate_limited; service.draining and service.timeout when the stream is to be resumed.
   */
  async *read({ tenantId }: Identity, wish: Wish, left: AbortSignal): AsyncGenerator<string, void, void> {
    const giveBack = this.seats.take(tenantId);
    const time = new AbortController();
    const cancel = this.clock.setTimeout(() => time.abort(new AppError('service.timeout')), this.bounds.ms);
    try {
      yield* this.frames(tenantId, wish, AbortSignal.any([left, time.signal, this.drain.signal]));
    } catch (error) {
      if (!left.aborted) throw error;
    } finally {
      cancel();
      giveBack();
    }
  }

  private async *frames(tenantId: string, { sessionId: id, format, from }: Wish, signal: AbortSignal) {
    const { watch, leave } = await this.watches.join({ tenantId, id });
    try {
      yield* new LiveReader(watch, format, currentRequest()?.requestId ?? '', signal).frames(from);
    } finally {
      leave();
    }
  }
}
