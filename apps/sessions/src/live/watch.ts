import { AppError, type LiveEntry } from '@parley/contracts';
import type { Clock, Log } from '@parley/service-kit';
import type { SessionKey } from '../sessions/sessions.repository.js';
import type { LiveTurn } from './answer-view.js';
import { LiveAnswer } from './live-answer.js';
import type { LiveEntries } from './live-entries.js';
import type { LiveRepository, NewestTurn, StoredTurn } from './live.repository.js';
import { OneAtATime } from './one-at-a-time.js';

/** A turn and what has come of its answer. */
export interface FollowedTurn {
  readonly turn: LiveTurn;
  readonly answer: LiveAnswer;
}

/** While Redis cannot be relied on, PostgreSQL is asked so often for a session that is watched. */
const pollMs = 1_000;
/** And so often where Redis has said nothing: what was not told it does not know of. */
const quietMs = 5_000;

/** What this instance knows of a session that somebody reads along: the same for all its readers. */
export class Watch {
  /** The turn that is under way, or was last. */
  newest: FollowedTurn | undefined;
  /** The session was deleted. */
  gone = false;
  /** Redis does not tell of entries. */
  private deaf = false;
  /** What was read last is not all that there is. */
  private behind = false;
  private heardAt = 0;
  /** Of the newest turn, as it was read last. */
  private version: string | undefined;
  private readonly waiters = new Set<() => void>();
  private readonly looks = new OneAtATime(() => this.lookOnce());
  private readonly fills = new OneAtATime(() => this.fillOnce());
  private leave = (): void => undefined;
  private cancelTick = (): void => undefined;

  constructor(
    private readonly key: SessionKey,
    private readonly turns: LiveRepository,
    private readonly entries: LiveEntries,
    private readonly clock: Clock,
    private readonly log: Pick<Log, 'warn'>,
  ) {}

  /** Hears before it looks, so that nothing comes in between. @throws AppError session.not_found. */
  async start(): Promise<void> {
    this.leave = await this.entries.follow(this.key, {
      onEntry: (entry) => this.hear(entry),
      onLost: () => (this.deaf = true),
      onBack: () => {
        this.deaf = false;
        this.look();
      },
    });
    await this.looks.run();
    if (this.gone) throw new AppError('session.not_found');
    this.plan();
  }

  stop(): void {
    this.leave();
    this.cancelTick();
    this.wake();
  }

  /** Resolves at the next change, or when the signal aborts. */
  changed(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        this.waiters.delete(done);
        signal.removeEventListener('abort', done);
        resolve();
      };
      this.waiters.add(done);
      signal.addEventListener('abort', done);
      if (signal.aborted) done();
    });
  }

  /** Undefined where it is gone. */
  async find(turnId: string): Promise<FollowedTurn | undefined> {
    if (this.newest?.turn.id === turnId) return this.newest;
    return followed(await this.turns.find(this.key, turnId));
  }

  /** What follows a turn; undefined where nothing has yet. */
  async after(turnId: string): Promise<FollowedTurn | undefined> {
    if (!this.newest || this.newest.turn.id === turnId) return undefined;
    const next = await this.turns.next(this.key, turnId);
    // The turn itself may be gone by now, or its follower not known here yet.
    return !next || next.turn.id === this.newest.turn.id ? this.newest : followed(next);
  }

  private hear(entry: LiveEntry): void {
    this.heardAt = this.clock.now();
    if (entry.type !== 'events' || entry.turn_id !== this.newest?.turn.id) {
      this.look();
      return;
    }
    const { answer } = this.newest;
    answer.hear(entry);
    if (answer.gap) void this.fills.run();
    this.wake();
  }

  private look(): void {
    this.looks.run().catch((err: unknown) => {
      this.behind = true;
      this.log.warn({ err }, 'a session that is read along could not be looked at');
    });
  }

  private async lookOnce(): Promise<void> {
    const newest = await this.turns.newest(this.key);
    this.heardAt = this.clock.now();
    this.behind = false;
    if (newest) await this.take(newest);
    else this.gone = true;
    this.wake();
  }

  /** An answer is read where it is not what it was. */
  private async take({ id, version }: NewestTurn): Promise<void> {
    if (version !== this.version) {
      this.show(id === null ? undefined : await this.turns.find(this.key, id));
      this.version = version;
    }
    const answer = this.newest?.answer;
    if (answer && !answer.ending && !answer.lost) await this.fills.run();
  }

  private show(stored: StoredTurn | undefined): void {
    if (stored?.turn.id !== this.newest?.turn.id) this.newest = followed(stored);
    else if (stored && this.newest) apply(stored, this.newest.answer);
  }

  /** Takes what Redis has of the turn. What it does not have, though a later entry came, it will not have. */
  private async fillOnce(): Promise<void> {
    const { newest } = this;
    if (!newest) return;
    const entries = await this.entries.read(this.key);
    const ofTurn = entries?.filter((entry) => entry.type !== 'deleted' && entry.turn_id === newest.turn.id) ?? [];
    for (const entry of ofTurn) if (entry.type === 'events') newest.answer.hear(entry);
    if (entries && newest.answer.gap) newest.answer.lose();
    this.behind = !ofTurn.some(({ type }) => type === 'opened');
    this.wake();
  }

  private plan(): void {
    this.cancelTick = this.clock.setTimeout(() => {
      if (this.isDue()) this.look();
      this.plan();
    }, pollMs);
  }

  private isDue(): boolean {
    const answer = this.newest?.answer;
    const isLost = answer?.lost === true && !answer.ending;
    return this.deaf || this.behind || isLost || this.clock.now() - this.heardAt >= quietMs;
  }

  private wake(): void {
    for (const waiter of [...this.waiters]) waiter();
  }
}

function followed(stored: StoredTurn | undefined): FollowedTurn | undefined {
  if (!stored) return undefined;
  const answer = new LiveAnswer();
  apply(stored, answer);
  return { turn: stored.turn, answer };
}

function apply({ answer: stored, ending }: StoredTurn, answer: LiveAnswer): void {
  if (ending) answer.end(stored, ending);
  else answer.keep(stored);
}
