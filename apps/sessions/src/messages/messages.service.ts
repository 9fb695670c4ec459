import { Injectable } from '@nestjs/common';
import {
  AppError,
  decodeCursor,
  encodeCursor,
  type AppendMessageRequest,
  type Identity,
  type PageQuery,
  type SessionMessage,
  type SessionMessagePage,
} from '@parley/contracts';
import { Database } from '@parley/persistence';
import { traceHeaders } from '@parley/service-kit';
import { z } from 'zod';
import { refusalOf, refused } from '../sessions/session.js';
import { SessionsRepository, type SessionKey } from '../sessions/sessions.repository.js';
import type { Outcome } from './append.js';
import { AppendWriter } from './append-writer.js';
import { Conversations } from './conversations.js';
import { said, toSessionMessage, type NewMessage } from './message.js';
import { MessagesRepository } from './messages.repository.js';

/** Of a page, unless its first message alone is larger. */
const maxBytes = 4 << 20;

const position = z.tuple([z.int32().min(0)]);

/** Every method throws AppError session.not_found, also for another tenant's session. */
@Injectable()
export class MessagesService {
  constructor(
    private readonly database: Database,
    private readonly sessions: SessionsRepository,
    private readonly messages: MessagesRepository,
    private readonly conversations: Conversations,
    private readonly writer: AppendWriter,
  ) {}

  /** @throws AppError session.busy while a turn is open, session.too_long. */
  async append({ tenantId }: Identity, sessionId: string, request: AppendMessageRequest): Promise<SessionMessage> {
    const { content, ...rest } = request;
    const blocks = typeof content === 'string' ? [{ type: 'text' as const, text: content }] : content;
    const message = said({ ...rest, content: blocks }, null);
    const { traceparent } = traceHeaders();
    const outcome =
      (await this.writer.write({ tenantId, sessionId, message, traceparent })) ??
      (await this.appendAlone({ tenantId, id: sessionId }, message));
    if (typeof outcome === 'string') throw refused(outcome);
    return toSessionMessage({ ...message, ...outcome });
  }

  /** Oldest first, so that messages which come meanwhile are on the last page. @throws AppError cursor.invalid. */
  list({ tenantId }: Identity, sessionId: string, { limit, cursor }: PageQuery): Promise<SessionMessagePage> {
    const [after] = cursor === undefined ? [-1] : decodeCursor(position, cursor);
    const key = { tenantId, id: sessionId };
    return this.database.inTenant(tenantId, async (tx) => {
      const [session, messages] = await Promise.all([
        this.sessions.find(tx, key),
        this.messages.page(tx, key, { limit, maxBytes }, after),
      ]);
      if (!session) throw new AppError('session.not_found');
      const last = messages.at(-1);
      return {
        data: messages.map(toSessionMessage),
        next_cursor: last?.hasNext ? encodeCursor([last.position]) : null,
      };
    });
  }

  /** Waits for whoever holds the session. */
  private appendAlone(key: SessionKey, message: NewMessage): Promise<Outcome> {
    return this.database.inTenant(key.tenantId, async (tx) => {
      const session = await this.sessions.lock(tx, key);
      if (!session) throw new AppError('session.not_found');
      const refusal = refusalOf(session, [message]);
      if (refusal) return refusal;
      await this.conversations.append(tx, session, [message]);
      return { parentId: session.headId };
    });
  }
}
