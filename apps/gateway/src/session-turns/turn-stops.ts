import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { RedisSubscriptions } from '@parley/cache';
import { AppError, turnStop, turnStopsChannel } from '@parley/contracts';
import { Clock, Log } from '@parley/service-kit';

/** The end of one turn before its time, for whatever reason. */
export interface TurnEnd {
  readonly abort: AbortController;
  /** Whether every stop that was asked for after this time has been told. */
  readonly heardSince: (time: number) => boolean;
}

/** Hears which turns are to stop; of all gateways the one that has a turn ends it. */
@Injectable()
export class TurnStops implements OnApplicationBootstrap {
  private readonly turns = new Map<string, AbortController>();
  /** Infinite while Redis is away: stops come with the answers to checkpoints then. */
  private hearingSince = Infinity;

  constructor(
    private readonly subscriptions: RedisSubscriptions,
    private readonly clock: Clock,
    private readonly log: Log,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    this.listen();
    await this.subscriptions.subscribe(turnStopsChannel, {
      onMessage: (text) => this.hear(text),
      onLost: () => (this.hearingSince = Infinity),
      onBack: () => this.listen(),
    });
  }

  /** To be had before the turn is opened, since it can be stopped from then on; `leave` when it is over. */
  watch(turnId: string): TurnEnd {
    const abort = new AbortController();
    this.turns.set(turnId, abort);
    return { abort, heardSince: (time) => this.hearingSince <= time };
  }

  leave(turnId: string): void {
    this.turns.delete(turnId);
  }

  private listen(): void {
    this.hearingSince = this.clock.now();
  }

  private hear(text: string): void {
    const { data, error } = turnStop.safeParse(JSON.parse(text));
    if (error) this.log.warn({ err: error }, 'what was told of a stop was not understood');
    else this.turns.get(data.turn_id)?.abort(stopped());
  }
}

/** What the caller whose answer it was is told. */
export const stopped = (): AppError => new AppError('turn.stopped');
