import { Injectable } from '@nestjs/common';
import { Outbox, outboxInsert } from '@parley/messaging';
import type { Transaction } from '@parley/persistence';
import type { Session } from '../sessions/session.js';
import { SessionsRepository } from '../sessions/sessions.repository.js';
import { place, toEvents, type Append, type Outcome } from './append.js';
import { AppendKeysRepository } from './append-keys.repository.js';
import { MessagesRepository } from './messages.repository.js';

const tell = { name: 'messages_tell', text: outboxInsert.sql(1) };

/** Adds messages that were sent by themselves, with their keys and events. */
@Injectable()
export class AppendStore {
  constructor(
    private readonly sessions: SessionsRepository,
    private readonly messages: MessagesRepository,
    private readonly keys: AppendKeysRepository,
    private readonly outbox: Outbox,
  ) {}

  /** To sessions that the caller holds; what is of another has no outcome. Adding is the last of a transaction. */
  async add(
    tx: Transaction,
    appends: readonly Append[],
    held: readonly Session[],
  ): Promise<ReadonlyMap<Append, Outcome>> {
    const { added, messages, sessions, outcomes } = place(appends, held, await this.keys.find(tx, appends));
    if (added.length > 0) {
      tx.afterCommit(() => this.outbox.wake());
      const written = Promise.all([
        this.messages.add(tx, messages),
        this.sessions.move(tx, ...sessions),
        tx.query(tell, outboxInsert.params(toEvents(added))),
        this.keys.add(tx, added),
      ]);
      tx.commitBehind();
      await written;
    }
    return outcomes;
  }
}
