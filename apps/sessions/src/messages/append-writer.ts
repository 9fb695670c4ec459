import { Injectable } from '@nestjs/common';
import { GroupCommit, SystemDatabase } from '@parley/persistence';
import { Shutdown } from '@parley/service-kit';
import { SessionsRepository } from '../sessions/sessions.repository.js';
import type { Append, Outcome } from './append.js';
import { AppendStore } from './append-store.js';

/** Of one commit; a message has 1 MiB at most, so this bounds what a batch may hold. Under an event's `maxListEntries`. */
const maxRows = 100;
const maxWaiting = 1_000;

interface Waiting {
  readonly append: Append;
  outcome?: Outcome | undefined;
}

/** Adds the messages of many callers in one commit, and tells of them. */
@Injectable()
export class AppendWriter {
  private readonly commits: GroupCommit<Waiting>;

  constructor(
    private readonly system: SystemDatabase,
    private readonly sessions: SessionsRepository,
    private readonly store: AppendStore,
    shutdown: Shutdown,
  ) {
    this.commits = new GroupCommit<Waiting>({ flush: (batch) => this.flush(batch), maxRows, maxWaiting });
    shutdown.register('work', () => this.commits.close());
  }

  /**
   * Resolves after the commit. Undefined, and nothing is written, when there is no such session or somebody holds it:
   * nobody waits here for the session of another.
   */
  async write(append: Append): Promise<Outcome | undefined> {
    const waiting: Waiting = { append };
    await this.commits.write(waiting);
    return waiting.outcome;
  }

  private async flush(batch: readonly Waiting[]): Promise<void> {
    const appends = batch.map(({ append }) => append);
    const keys = appends.map(({ tenantId, sessionId }) => ({ tenantId, id: sessionId }));
    const outcomes = await this.system.transaction(async (tx) =>
      this.store.add(tx, appends, await this.sessions.lockFree(tx, keys)),
    );
    for (const waiting of batch) waiting.outcome = outcomes.get(waiting.append);
  }
}
