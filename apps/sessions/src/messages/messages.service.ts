import { Injectable } from '@nestjs/common';
import { AppError, type AppendMessageRequest, type Identity, type SessionMessage } from '@parley/contracts';
import { Database } from '@parley/persistence';
import { traceHeaders } from '@parley/service-kit';
import { refusalOf, refused } from '../sessions/session.js';
import { SessionsRepository, type SessionKey } from '../sessions/sessions.repository.js';
import type { Outcome } from './append.js';
import { AppendWriter } from './append-writer.js';
import { Conversations } from './conversations.js';
import { said, toSessionMessage, type NewMessage } from './message.js';

/** Every method throws AppError session.not_found, also for another tenant's session. */
@Injectable()
export class MessagesService {
  constructor(
    private readonly database: Database,
    private readonly sessions: SessionsRepository,
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

  /** Waits for whoever holds the session. */
  private appendAlone(key: SessionKey, message: NewMessage): Promise<Outcome> {
    return this.database.inTenant(key.tenantId, async (tx) => {
      const session = await this.sessions.lock(tx, key);
      if (!session) throw new AppError('session.not_found');
      const refusal = refusalOf(session, [message]);
      if (refusal) return refusal;
      await this.conversations.append(tx, session, [message]);
      return { parentId: session.headId, position: session.nextPosition };
    });
  }
}
