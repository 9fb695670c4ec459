import { Injectable } from '@nestjs/common';
import { RedisConnection } from '@parley/cache';
import { liveField, liveKey, type LiveEntry } from '@parley/contracts';
import type { Transaction } from '@parley/persistence';
import { OwedDeletions } from './owed-deletions.js';

/** A turn that says nothing for so long is read from PostgreSQL alone; the feed puts it off. */
const openMs = 15 * 60_000;
/** Those who come late find the end of the last turn for so long. */
const endedMs = 10 * 60_000;

interface SessionOf {
  readonly tenantId: string;
  readonly sessionId: string;
}

/**
 * The life of a session's stream in Redis, which the gateway feeds meanwhile. Each step is taken when its transaction has
 * committed: where Redis is away it is left out, and readers find out from PostgreSQL. Only deletions are made up for.
 */
@Injectable()
export class LiveStreams {
  private readonly sent = new WeakMap<Transaction, Promise<unknown>>();

  constructor(
    private readonly redis: RedisConnection,
    private readonly deletions: OwedDeletions,
  ) {}

  /** The stream has the entries of one turn. */
  opened(tx: Transaction, session: SessionOf, turnId: string): void {
    const entry = written({ type: 'opened', turn_id: turnId });
    this.afterCommit(tx, session, (client, key) => [
      client.del(key),
      client.xadd(key, '*', liveField, entry),
      client.pexpire(key, openMs),
      client.publish(key, entry),
    ]);
  }

  /** Resolves when Redis has, or will not have, the transaction's step: a gateway that fed a stream before would be lost on it. */
  async settled(tx: Transaction): Promise<void> {
    await this.sent.get(tx);
  }

  ended(tx: Transaction, session: SessionOf, turnId: string): void {
    const entry = written({ type: 'ended', turn_id: turnId });
    this.afterCommit(tx, session, (client, key) => [
      client.xadd(key, 'NOMKSTREAM', '*', liveField, entry),
      client.pexpire(key, endedMs),
      client.publish(key, entry),
    ]);
  }

  /** The session, or all that was said in it. */
  deleted(tx: Transaction, session: SessionOf): void {
    tx.afterCommit(() => this.forget(session));
  }

  /** As {@link deleted}, for what is committed already. */
  forget({ tenantId, sessionId }: SessionOf): void {
    void this.deletions.delete(tenantId, sessionId);
  }

  /** In one round trip, and in this order. */
  private afterCommit(tx: Transaction, { tenantId, sessionId }: SessionOf, commands: Commands): void {
    const key = liveKey(tenantId, sessionId);
    tx.afterCommit(() => {
      this.sent.set(
        tx,
        this.redis.run((client) => Promise.all(commands(client, key))).catch(() => undefined),
      );
    });
  }
}

type Commands = (client: RedisConnection['client'], key: string) => Promise<unknown>[];

const written = (entry: LiveEntry): string => JSON.stringify(entry);
