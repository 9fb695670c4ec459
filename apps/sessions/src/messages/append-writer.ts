import { Injectable } from '@nestjs/common';
import { Outbox, outboxInsert } from '@parley/messaging';
import { GroupCommit, SystemDatabase, type Transaction } from '@parley/persistence';
import { Shutdown } from '@parley/service-kit';
import { SessionsRepository } from '../sessions/sessions.repository.js';
import { place, toEvents, type Append, type Outcome } from './append.js';
import { MessagesRepository } from './messages.repository.js';

/** Of one commit; a message has 1 MiB at most, so this bounds what a batch may hold. Under an event's `maxListEntries`. */
const maxRows = 100;
const maxWaiting = 1_000;

const tell = { name: 'messages_tell', text: outboxInsert.sql(1) };

interface Waiting {
  readonly append: Append;
  outcome?: Outcome | undefined;
}

/** Adds the messages of many callers in one commit, and tells of them. */
@Injectable()
export class AppendWriter {
  private readonly commits: GroupCommit<Waiting>;

  constructor(
    system: SystemDatabase,
    private readonly sessions: SessionsRepository,
    private readonly messages: MessagesRepository,
    outbox: Outbox,
    shutdown: Shutdown,
  ) {
    this.commits = new GroupCommit<Waiting>({
      flush: async (batch) => {
        const outcomes = await system.transaction((tx) =>
          this.add(
            tx,
            batch.map(({ append }) => append),
          ),
        );
        for (const waiting of batch) waiting.outcome = outcomes.get(waiting.append);
        outbox.wake();
      },
      maxRows,
      maxWaiting,
    });
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

  private async add(tx: Transaction, appends: readonly Append[]): Promise<ReadonlyMap<Append, Outcome>> {
    const keys = appends.map(({ tenantId, sessionId }) => ({ tenantId, id: sessionId }));
    const placed = place(appends, await this.sessions.lockFree(tx, keys));
    const added = appends.filter((append) => isAdded(placed.outcomes.get(append)));
    if (added.length > 0)
      await Promise.all([
        this.messages.add(tx, placed.messages),
        this.sessions.move(tx, ...placed.sessions),
        tx.query(tell, outboxInsert.params(toEvents(added))),
      ]);
    return placed.outcomes;
  }
}

const isAdded = (outcome: Outcome | undefined): boolean => typeof outcome === 'object';
