import { Injectable } from '@nestjs/common';
import { RedisConnection, RedisSubscriptions } from '@parley/cache';
import { liveEntry, liveField, liveKey, type LiveEntry } from '@parley/contracts';
import { Log } from '@parley/service-kit';
import type { SessionKey } from '../sessions/sessions.repository.js';

export interface EntryListener {
  onEntry(entry: LiveEntry): void;
  /** From now on entries may be missed. */
  onLost(): void;
  /** Entries come again; those in between may have been missed. */
  onBack(): void;
}

/** Read at a time: what Redis answers has to come within the timeout of a command. */
const pageSize = 200;

/** The entries of sessions' streams, as Redis has them and tells them. */
@Injectable()
export class LiveEntries {
  constructor(
    private readonly redis: RedisConnection,
    private readonly subscriptions: RedisSubscriptions,
    private readonly log: Log,
  ) {}

  /** Resolves, with what ends it, when entries are heard, or after `onLost`. */
  follow({ tenantId, id }: SessionKey, listener: EntryListener): Promise<() => void> {
    return this.subscriptions.subscribe(liveKey(tenantId, id), {
      onMessage: (text) => {
        const entry = this.parse(text);
        if (entry) listener.onEntry(entry);
      },
      onLost: () => listener.onLost(),
      onBack: () => listener.onBack(),
    });
  }

  /** All that Redis has, oldest first; undefined where it does not answer. */
  async read({ tenantId, id }: SessionKey): Promise<LiveEntry[] | undefined> {
    const entries: LiveEntry[] = [];
    let from = '-';
    try {
      for (;;) {
        const page = await this.redis.run((client) =>
          client.xrange(liveKey(tenantId, id), from, '+', 'COUNT', pageSize),
        );
        for (const [, fields] of page) entries.push(...this.entryOf(fields));
        const last = page.at(-1)?.[0];
        if (last === undefined || page.length < pageSize) return entries;
        from = `(${last}`;
      }
    } catch {
      return undefined;
    }
  }

  private entryOf(fields: readonly string[]): LiveEntry[] {
    const entry = this.parse(fields[fields.indexOf(liveField) + 1] ?? '');
    return entry ? [entry] : [];
  }

  /** What is not understood is a gap, as if it had been lost. */
  private parse(text: string): LiveEntry | undefined {
    try {
      return liveEntry.parse(JSON.parse(text));
    } catch (err) {
      this.log.warn({ err }, 'an entry of a live stream was not understood');
      return undefined;
    }
  }
}
