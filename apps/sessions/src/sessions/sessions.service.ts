import { Injectable } from '@nestjs/common';
import {
  AppError,
  decodeCursor,
  sessionCreated,
  sessionDeleted,
  toPage,
  type CreateSessionRequest,
  type Identity,
  type Session as SessionView,
  type SessionPage,
  type SessionsQuery,
  type SessionWithMessages,
  type UpdateSessionRequest,
} from '@parley/contracts';
import { Outbox } from '@parley/messaging';
import { Database, type Transaction } from '@parley/persistence';
import { v7 as uuidv7 } from 'uuid';
import { z } from 'zod';
import { toSessionMessage } from '../messages/message.js';
import { MessagesRepository } from '../messages/messages.repository.js';
import { toSession, type Session } from './session.js';
import { SessionsRepository } from './sessions.repository.js';

/** Messages that come with a session, the newest in any case; all of them are at `/messages`, page by page. */
const newest = { limit: 1_000, maxBytes: 4 << 20 };

const position = z.tuple([z.uuid()]);

/** Every method that takes an id throws AppError session.not_found, also for another tenant's session. */
@Injectable()
export class SessionsService {
  constructor(
    private readonly database: Database,
    private readonly sessions: SessionsRepository,
    private readonly messages: MessagesRepository,
    private readonly outbox: Outbox,
  ) {}

  /** @throws AppError project.not_found. */
  create({ tenantId, subject }: Identity, request: CreateSessionRequest): Promise<SessionView> {
    const { name = null, model = null, project_id: projectId = null } = request;
    const id = uuidv7();
    return this.database.inTenant(tenantId, async (tx) => {
      await this.keepProject(tx, tenantId, projectId);
      const [session] = await Promise.all([
        this.sessions.add(tx, { tenantId, id }, { name, model, projectId }),
        this.outbox.add(tx, sessionCreated, tenantId, { session_id: id, project_id: projectId, created_by: subject }),
      ]);
      return toSession(found(session));
    });
  }

  /** @throws AppError cursor.invalid. */
  list({ tenantId }: Identity, { limit, cursor, project_id: projectId }: SessionsQuery): Promise<SessionPage> {
    const [after] = cursor === undefined ? [null] : decodeCursor(position, cursor);
    return this.database.inTenant(tenantId, async (tx) => {
      const sessions = await this.sessions.list(tx, tenantId, { limit: limit + 1, after, projectId });
      const page = toPage(sessions, limit, ({ id }) => [id]);
      return { ...page, data: page.data.map(toSession) };
    });
  }

  get({ tenantId }: Identity, id: string): Promise<SessionWithMessages> {
    return this.database.inTenant(tenantId, async (tx) => {
      const [session, messages] = await Promise.all([
        this.sessions.find(tx, { tenantId, id }),
        this.messages.newest(tx, { tenantId, id }, newest),
      ]);
      return { ...toSession(found(session)), messages: messages.map(toSessionMessage) };
    });
  }

  /** @throws AppError project.not_found. */
  update({ tenantId }: Identity, id: string, changes: UpdateSessionRequest): Promise<SessionView> {
    return this.database.inTenant(tenantId, async (tx) => {
      const session = found(await this.sessions.lock(tx, { tenantId, id }));
      const { name = session.name, model = session.model, project_id: projectId = session.projectId } = changes;
      await this.keepProject(tx, tenantId, projectId);
      return toSession(found(await this.sessions.update(tx, { ...session, name, model, projectId })));
    });
  }

  /** With everything in it; a turn under way ends when its gateway next asks for it. */
  delete({ tenantId, subject }: Identity, id: string): Promise<void> {
    return this.database.inTenant(tenantId, async (tx) => {
      const { projectId } = found(await this.sessions.remove(tx, { tenantId, id }));
      await this.outbox.add(tx, sessionDeleted, tenantId, {
        session_id: id,
        project_id: projectId,
        deleted_by: subject,
      });
    });
  }

  private async keepProject(tx: Transaction, tenantId: string, projectId: string | null): Promise<void> {
    if (projectId !== null && !(await this.sessions.keepProject(tx, tenantId, projectId)))
      throw new AppError('project.not_found');
  }
}

function found(session: Session | undefined): Session {
  if (!session) throw new AppError('session.not_found');
  return session;
}
