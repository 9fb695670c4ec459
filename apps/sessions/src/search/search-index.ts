import { Injectable } from '@nestjs/common';
import { Database, type Transaction } from '@parley/persistence';
import { Clock, Shutdown } from '@parley/service-kit';
import { MessageTextsRepository, type Listed, type Readable } from './message-texts.repository.js';
import { searchableText, toolUses } from './searchable-text.js';

/** Of the messages that are read at a time; a single one may be larger. */
const maxBytes = 4 << 20;
const maxMessages = 200;

/** Times as long as a piece of work took: what is said is kept first, and found after, by a quarter of a thread at the most. */
const restFactor = 3;

/** Makes messages findable, one piece of work at a time, and bears it twice. What it reads is not being answered any more. */
@Injectable()
export class SearchIndex {
  private last: Promise<void> = Promise.resolve();

  constructor(
    private readonly database: Database,
    private readonly texts: MessageTextsRepository,
    private readonly clock: Clock,
    private readonly shutdown: Shutdown,
  ) {}

  async add(tenantId: string, messageIds: readonly string[]): Promise<void> {
    await this.addAll(tenantId, (tx) => this.texts.listed(tx, tenantId, messageIds));
  }

  /** Those of all branches. */
  async addSession(tenantId: string, sessionId: string): Promise<void> {
    await this.addAll(tenantId, (tx) => this.texts.listedOfSession(tx, tenantId, sessionId));
  }

  private async addAll(tenantId: string, list: (tx: Transaction) => Promise<readonly Listed[]>): Promise<void> {
    const listed = await this.database.inTenant(tenantId, list);
    const held: string[] = [];
    for (const ids of portions(listed))
      await this.inTurn(async () => {
        const added = new Set(await this.addPortion(tenantId, ids));
        held.push(...ids.filter((id) => !added.has(id)));
      });
    // Those that are there still when whoever held them is done.
    if (held.length > 0) await this.add(tenantId, held);
  }

  /** Answers those that nobody held. */
  private addPortion(tenantId: string, ids: readonly string[]): Promise<string[]> {
    return this.database.inTenant(tenantId, async (tx) => {
      const messages = await this.texts.read(tx, tenantId, ids);
      const uses = messages.flatMap(usesOf);
      await Promise.all([
        this.texts.addWords(tx, tenantId, messages.flatMap(wordsOf)),
        uses.length > 0 && this.texts.addTools(tx, tenantId, uses),
      ]);
      return messages.map(({ id }) => id);
    });
  }

  private async inTurn(work: () => Promise<void>): Promise<void> {
    const before = this.last;
    const { promise, resolve } = Promise.withResolvers<undefined>();
    this.last = promise.then(() => undefined);
    await before;
    const startedAt = this.clock.now();
    try {
      await work();
    } finally {
      const restMs = this.shutdown.draining ? 0 : (this.clock.now() - startedAt) * restFactor;
      this.clock.setTimeout(() => resolve(undefined), restMs);
    }
  }
}

function portions(listed: readonly Listed[]): string[][] {
  const all: string[][] = [];
  let bytes = maxBytes;
  for (const message of listed) {
    const last = all.at(-1);
    bytes += message.bytes;
    if (last && bytes <= maxBytes && last.length < maxMessages) last.push(message.id);
    else {
      all.push([message.id]);
      bytes = message.bytes;
    }
  }
  return all;
}

function wordsOf({ id: messageId, body }: Readable) {
  const text = searchableText(body);
  return text.trim() === '' ? [] : [{ messageId, text }];
}

const usesOf = ({ id: messageId, body }: Readable) => toolUses(body).map((use) => ({ messageId, ...use }));
