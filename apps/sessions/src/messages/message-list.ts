import { Injectable } from '@nestjs/common';
import {
  decodeCursor,
  encodeCursor,
  type Identity,
  type MessagesQuery,
  type SessionMessagePage,
} from '@parley/contracts';
import { Database, type Transaction } from '@parley/persistence';
import { z } from 'zod';
import { found } from '../sessions/session.js';
import { SessionsRepository, type SessionKey } from '../sessions/sessions.repository.js';
import { toSessionMessage, type TreeMessage } from './message.js';
import { MessagesRepository } from './messages.repository.js';

/** Of a page, unless its first message alone is larger. */
const maxBytes = 4 << 20;

const position = z.tuple([z.int32().min(0)]);
const place = z.tuple([z.int().min(0), z.uuid()]);
const beginning: z.infer<typeof place> = [-1, '00000000-0000-0000-0000-000000000000'];

/** A page as it is read, and where the next one begins. */
interface Page {
  readonly messages: readonly TreeMessage[];
  readonly next: readonly unknown[] | null;
}

/** The messages of a session, page by page, oldest first: what comes meanwhile is on the last page. */
@Injectable()
export class MessageList {
  constructor(
    private readonly database: Database,
    private readonly sessions: SessionsRepository,
    private readonly messages: MessagesRepository,
  ) {}

  /** @throws AppError session.not_found, also for another tenant's session; cursor.invalid, also for one of the other list. */
  page({ tenantId }: Identity, id: string, query: MessagesQuery): Promise<SessionMessagePage> {
    const read = query.branch === 'all' ? this.ofTree(query) : this.ofConversation(query);
    return this.database.readInTenant(tenantId, async (tx) => {
      const key = { tenantId, id };
      const [session, { messages, next }] = await Promise.all([this.sessions.find(tx, key), read(tx, key)]);
      found(session);
      return { data: messages.map(toSessionMessage), next_cursor: next && encodeCursor(next) };
    });
  }

  private ofConversation({ limit, cursor }: MessagesQuery) {
    const [after] = cursor === undefined ? [-1] : decodeCursor(position, cursor);
    return async (tx: Transaction, key: SessionKey): Promise<Page> => {
      const messages = await this.messages.page(tx, key, { limit, maxBytes }, after);
      const last = messages.at(-1);
      return { messages, next: last?.hasNext ? [last.position] : null };
    };
  }

  private ofTree({ limit, cursor }: MessagesQuery) {
    const after = cursor === undefined ? beginning : decodeCursor(place, cursor);
    return async (tx: Transaction, key: SessionKey): Promise<Page> => {
      const messages = await this.messages.treePage(tx, key, { limit, maxBytes }, after);
      const last = messages.at(-1);
      return { messages, next: last?.hasNext ? [last.seq, last.id] : null };
    };
  }
}
