import { Injectable } from '@nestjs/common';
import { Clock, Log } from '@parley/service-kit';
import type { SessionKey } from '../sessions/sessions.repository.js';
import { LiveEntries } from './live-entries.js';
import { LiveRepository } from './live.repository.js';
import { Watch } from './watch.js';

interface Shared {
  readonly watch: Watch;
  readonly started: Promise<void>;
  readers: number;
}

/** The sessions that are read along in this instance, each watched once for all its readers, and while it has any. */
@Injectable()
export class Watches {
  private readonly watches = new Map<string, Shared>();

  constructor(
    private readonly turns: LiveRepository,
    private readonly entries: LiveEntries,
    private readonly clock: Clock,
    private readonly log: Log,
  ) {}

  /** The watch, and what leaves it again. @throws AppError session.not_found. */
  async join(session: SessionKey): Promise<{ readonly watch: Watch; readonly leave: () => void }> {
    const name = `${session.tenantId}:${session.id}`;
    const shared = this.watches.get(name) ?? this.begin(name, session);
    shared.readers += 1;
    const leave = () => this.leave(name, shared);
    try {
      await shared.started;
    } catch (error) {
      leave();
      throw error;
    }
    return { watch: shared.watch, leave };
  }

  private begin(name: string, session: SessionKey): Shared {
    const watch = new Watch(session, this.turns, this.entries, this.clock, this.log);
    const shared = { watch, started: watch.start(), readers: 0 };
    this.watches.set(name, shared);
    return shared;
  }

  private leave(name: string, shared: Shared): void {
    shared.readers -= 1;
    if (shared.readers > 0) return;
    if (this.watches.get(name) === shared) this.watches.delete(name);
    shared.watch.stop();
  }
}
