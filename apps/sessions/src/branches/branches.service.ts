import { Injectable } from '@nestjs/common';
import {
  AppError,
  sessionCleared,
  sessionCreated,
  sessionUpdated,
  type ForkSessionRequest,
  type Identity,
  type Session as SessionView,
} from '@parley/contracts';
import { Outbox } from '@parley/messaging';
import { Database, type Transaction } from '@parley/persistence';
import { v7 as uuidv7 } from 'uuid';
import { closedBy, found, refused, toSession, type Session } from '../sessions/session.js';
import { SessionsRepository, type SessionKey } from '../sessions/sessions.repository.js';
import { BranchesRepository } from './branches.repository.js';

/** Every method throws AppError session.not_found, also for another tenant's session, and session.busy while a turn is open. */
@Injectable()
export class BranchesService {
  constructor(
    private readonly database: Database,
    private readonly sessions: SessionsRepository,
    private readonly branches: BranchesRepository,
    private readonly outbox: Outbox,
  ) {}

  /** @throws AppError message.not_found. */
  fork({ tenantId, subject }: Identity, sourceId: string, request: ForkSessionRequest): Promise<SessionView> {
    return this.database.inTenant(tenantId, async (tx) => {
      const { source, projectId } = await this.holdSource(tx, { tenantId, id: sourceId });
      if (source.openTurnId !== null) throw refused('session.busy');
      const { message_id: messageId = source.headId, name = source.name } = request;
      const id = uuidv7();
      const added = found(await this.sessions.add(tx, { tenantId, id }, { ...source, name, projectId }));
      const copied = messageId === null ? {} : await this.branches.copy(tx, source, messageId, id);
      if (!copied) throw new AppError('message.not_found');
      const origin = { forkedSessionId: sourceId, forkedMessageId: messageId };
      const [fork] = await Promise.all([
        this.branches.settle(tx, { ...added, ...copied, ...origin }),
        this.outbox.add(tx, sessionCreated, tenantId, {
          ...{ session_id: id, project_id: projectId, created_by: subject },
          forked_from: { session_id: sourceId, message_id: messageId },
        }),
      ]);
      return toSession(found(fork));
    });
  }

  /**
   * The conversation goes on behind the message; what came after it stays as a branch.
   * @throws AppError session.archived, message.not_found.
   */
  rewind(caller: Identity, id: string, messageId: string | null): Promise<SessionView> {
    return this.change(caller, id, async (tx, session) => {
      if (messageId === session.headId) return session;
      const moved = await this.branches.rewind(tx, session, messageId);
      if (!moved) throw new AppError('message.not_found');
      return this.settle(tx, caller, { ...session, ...moved });
    });
  }

  /** Deletes the messages of all branches; what comes next has a new position all the same. @throws AppError session.archived. */
  clear(caller: Identity, id: string): Promise<SessionView> {
    return this.change(caller, id, async (tx, session) => {
      if (!(await this.branches.clear(tx, session))) return session;
      const { tenantId, projectId } = session;
      await this.outbox.add(tx, sessionCleared, tenantId, {
        ...{ session_id: id, project_id: projectId, cleared_by: caller.subject },
      });
      return this.settle(tx, caller, { ...session, headId: null, bytes: 0, leftBytes: 0 });
    });
  }

  private change(
    { tenantId }: Identity,
    id: string,
    fn: (tx: Transaction, session: Session) => Promise<Session>,
  ): Promise<SessionView> {
    return this.database.inTenant(tenantId, async (tx) => {
      const session = found(await this.sessions.lock(tx, { tenantId, id }));
      const closed = closedBy(session);
      if (closed) throw refused(closed);
      return toSession(await fn(tx, session));
    });
  }

  private async settle(tx: Transaction, { subject }: Identity, session: Session): Promise<Session> {
    const { tenantId, id, projectId, status } = session;
    const [settled] = await Promise.all([
      this.branches.settle(tx, session),
      this.outbox.add(tx, sessionUpdated, tenantId, {
        ...{ session_id: id, project_id: projectId, status, changed: ['messages'], updated_by: subject },
      }),
    ]);
    return found(settled);
  }

  /**
   * The project first, since who deletes one waits for its sessions. There is none where it is being deleted or changed.
   */
  private async holdSource(tx: Transaction, key: SessionKey) {
    const { projectId } = found(await this.sessions.find(tx, key));
    const stays = projectId !== null && (await this.sessions.keepProject(tx, key.tenantId, projectId));
    const source = found(await this.sessions.lock(tx, key));
    return { source, projectId: stays && source.projectId === projectId ? projectId : null };
  }
}
