import { hash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { AppError, type AppendMessageRequest, type Identity, type SessionMessage } from '@parley/contracts';
import { Database } from '@parley/persistence';
import { traceHeaders } from '@parley/service-kit';
import { refused } from '../sessions/session.js';
import { SessionsRepository } from '../sessions/sessions.repository.js';
import type { Append, AppendKey, Outcome } from './append.js';
import { AppendStore } from './append-store.js';
import { AppendWriter } from './append-writer.js';
import { said, toSessionMessage, type NewMessage } from './message.js';

/** What callers say without asking a model. */
@Injectable()
export class MessagesService {
  constructor(
    private readonly database: Database,
    private readonly sessions: SessionsRepository,
    private readonly store: AppendStore,
    private readonly writer: AppendWriter,
  ) {}

  /**
   * Answers the message that is there already where the session was given it with this key before.
   * @throws AppError session.not_found, also for another tenant's session; session.archived, session.busy while a turn is
   *   open, session.too_long, idempotency_key.reused.
   */
  async append(
    { tenantId }: Identity,
    sessionId: string,
    request: AppendMessageRequest,
    key?: string,
  ): Promise<SessionMessage> {
    const { content, ...rest } = request;
    const blocks = typeof content === 'string' ? [{ type: 'text' as const, text: content }] : content;
    const message = said({ ...rest, content: blocks }, null);
    const { traceparent } = traceHeaders();
    const append = { tenantId, sessionId, message, traceparent, key: keyOf(key, message) };
    const outcome = (await this.writer.write(append)) ?? (await this.appendAlone(append));
    if (!outcome) throw new AppError('session.not_found');
    if (outcome === 'idempotency_key.reused') throw new AppError(outcome);
    if (typeof outcome === 'string') throw refused(outcome);
    return toSessionMessage({ ...message, ...outcome });
  }

  /** Waits for whoever holds the session. */
  private appendAlone(append: Append): Promise<Outcome | undefined> {
    const { tenantId, sessionId } = append;
    return this.database.inTenant(tenantId, async (tx) => {
      const session = await this.sessions.lock(tx, { tenantId, id: sessionId });
      return session && (await this.store.add(tx, [append], [session])).get(append);
    });
  }
}

const keyOf = (key: string | undefined, { role, body }: NewMessage): AppendKey | undefined =>
  key === undefined ? undefined : { key, requestHash: hash('sha256', JSON.stringify([role, body])) };
