import { AppError, type LiveFormat } from '@parley/contracts';
import { formats } from './formats.js';
import type { Bookmark } from './place.js';
import { theEnd } from './place.js';
import { Reading } from './reading.js';
import type { FollowedTurn, Watch } from './watch.js';

/** How long a client waits before it comes back (WHATWG HTML §9.2.6), in milliseconds; sent at once, so that it knows that it is heard. */
const greeting = 'retry: 1000\n\n';

/** One reader of a session, from where it begins until it has all that its format is for. */
export class LiveReader {
  constructor(
    private readonly watch: Watch,
    private readonly format: LiveFormat,
    private readonly requestId: string,
    /** Ends the reading, with its reason. */
    private readonly signal: AbortSignal,
  ) {}

  /** @throws AppError session.not_found when the session is deleted, turn.not_found when the turn is, and the signal's reason. */
  async *frames(from: Bookmark | undefined): AsyncGenerator<string, void, void> {
    yield greeting;
    let turn = await this.first(from);
    yield* this.turn(turn, turn.turn.id === from?.turnId ? from : undefined);
    while (formats[this.format].goesOn) {
      turn = await this.following(turn.turn.id);
      yield* this.turn(turn);
    }
  }

  /** Of a place that is no more, as after the session was cleared, the newest turn is told from its start. */
  private async first(from: Bookmark | undefined): Promise<FollowedTurn> {
    const turn = from && (await this.watch.find(from.turnId));
    if (!turn) return this.newest();
    return from.place === theEnd ? this.following(from.turnId) : turn;
  }

  private async newest(): Promise<FollowedTurn> {
    while (!this.watch.newest) await this.change();
    return this.watch.newest;
  }

  private async following(turnId: string): Promise<FollowedTurn> {
    for (;;) {
      const turn = await this.watch.after(turnId);
      if (turn) return turn;
      await this.change();
    }
  }

  private async *turn(followed: FollowedTurn, from?: Bookmark): AsyncGenerator<string, void, void> {
    const { turn } = followed;
    const encoder = formats[this.format].encoder(turn.sessionId);
    const reading = new Reading(turn, encoder, this.requestId, from);
    for (let { answer } = followed; !reading.ended;) {
      const text = reading.next(answer);
      if (text !== '') yield text;
      else if (answer === this.watch.newest?.answer) await this.change();
      else ({ answer } = await this.ended(turn.id));
      this.demand();
    }
  }

  /** A turn that another has followed is stored whole. */
  private async ended(turnId: string): Promise<FollowedTurn> {
    const turn = await this.watch.find(turnId);
    if (!turn) throw new AppError('turn.not_found');
    return turn;
  }

  private async change(): Promise<void> {
    await this.watch.changed(this.signal);
    this.demand();
  }

  private demand(): void {
    this.signal.throwIfAborted();
    if (this.watch.gone) throw new AppError('session.not_found');
  }
}
