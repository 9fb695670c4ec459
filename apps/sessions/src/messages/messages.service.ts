import { Injectable } from '@nestjs/common';
import {
  AppError,
  decodeCursor,
  toPage,
  type AppendMessageRequest,
  type Identity,
  type PageQuery,
  type SessionMessage,
  type SessionMessagePage,
} from '@parley/contracts';
import { Database } from '@parley/persistence';
import { z } from 'zod';
import { SessionsRepository } from '../sessions/sessions.repository.js';
import { Conversations } from './conversations.js';
import { said, toSessionMessage } from './message.js';
import { MessagesRepository } from './messages.repository.js';

const position = z.tuple([z.int().min(0)]);

/** Every method throws AppError session.not_found, also for another tenant's session. */
@Injectable()
export class MessagesService {
  constructor(
    private readonly database: Database,
    private readonly sessions: SessionsRepository,
    private readonly messages: MessagesRepository,
    private readonly conversations: Conversations,
  ) {}

  /** @throws AppError session.busy while a turn is open. */
  append({ tenantId }: Identity, sessionId: string, request: AppendMessageRequest): Promise<SessionMessage> {
    const { content, ...rest } = request;
    const blocks = typeof content === 'string' ? [{ type: 'text' as const, text: content }] : content;
    const message = said({ ...rest, content: blocks }, null);
    return this.database.inTenant(tenantId, async (tx) => {
      const session = await this.sessions.lock(tx, { tenantId, id: sessionId });
      if (!session) throw new AppError('session.not_found');
      if (session.openTurnId !== null) throw new AppError('session.busy', { retryAfterMs: 1_000 });
      await this.conversations.append(tx, session, [message]);
      return toSessionMessage({ ...message, parentId: session.headId });
    });
  }

  /** Oldest first, so that messages which come meanwhile are on the last page. @throws AppError cursor.invalid. */
  list({ tenantId }: Identity, sessionId: string, { limit, cursor }: PageQuery): Promise<SessionMessagePage> {
    const [after] = cursor === undefined ? [-1] : decodeCursor(position, cursor);
    const key = { tenantId, id: sessionId };
    return this.database.inTenant(tenantId, async (tx) => {
      const [session, messages] = await Promise.all([
        this.sessions.find(tx, key),
        this.messages.page(tx, key, limit + 1, after),
      ]);
      if (!session) throw new AppError('session.not_found');
      const page = toPage(messages, limit, (message) => [message.position]);
      return { ...page, data: page.data.map(toSessionMessage) };
    });
  }
}
