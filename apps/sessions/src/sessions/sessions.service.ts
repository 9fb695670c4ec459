import { Injectable } from '@nestjs/common';
import {
  AppError,
  sessionCreated,
  sessionDeleted,
  sessionUpdated,
  type CreateSessionRequest,
  type Identity,
  type Session as SessionView,
  type SessionWithMessages,
  type UpdateSessionRequest,
} from '@parley/contracts';
import { Outbox } from '@parley/messaging';
import { Database, type Transaction } from '@parley/persistence';
import { v7 as uuidv7 } from 'uuid';
import { toSessionMessage } from '../messages/message.js';
import { MessagesRepository } from '../messages/messages.repository.js';
import { SummariesRepository } from '../summaries/summaries.repository.js';
import { toSummary } from '../summaries/summary.js';
import { changedFields, found, toSession } from './session.js';
import { SessionsRepository } from './sessions.repository.js';

/** Messages that come with a session, the newest in any case; all of them are at `/messages`, page by page. */
const newest = { limit: 1_000, maxBytes: 4 << 20 };

/** Every method that takes an id throws AppError session.not_found, also for another tenant's session. */
@Injectable()
export class SessionsService {
  constructor(
    private readonly database: Database,
    private readonly sessions: SessionsRepository,
    private readonly messages: MessagesRepository,
    private readonly summaries: SummariesRepository,
    private readonly outbox: Outbox,
  ) {}

  /** @throws AppError project.not_found. */
  create({ tenantId, subject }: Identity, request: CreateSessionRequest): Promise<SessionView> {
    const { name = null, model = null, project_id: projectId = null, tags = [] } = request;
    const { concurrency = null, context = null } = request;
    const id = uuidv7();
    return this.database.inTenant(tenantId, async (tx) => {
      await this.keepProject(tx, tenantId, projectId);
      const [session] = await Promise.all([
        this.sessions.add(tx, { tenantId, id }, { name, model, projectId, tags, concurrency, context }),
        this.outbox.add(tx, sessionCreated, tenantId, { session_id: id, project_id: projectId, created_by: subject }),
      ]);
      return toSession(found(session));
    });
  }

  get({ tenantId }: Identity, id: string): Promise<SessionWithMessages> {
    return this.database.readInTenant(tenantId, async (tx) => {
      const [session, messages, summary] = await Promise.all([
        this.sessions.find(tx, { tenantId, id }),
        this.messages.newest(tx, { tenantId, id }, newest),
        this.summaries.newest(tx, { tenantId, id }),
      ]);
      return {
        ...toSession(found(session)),
        summary: summary ? toSummary(summary) : null,
        messages: messages.map(toSessionMessage),
      };
    });
  }

  /** What changes nothing is not told. @throws AppError project.not_found. */
  update({ tenantId, subject }: Identity, id: string, changes: UpdateSessionRequest): Promise<SessionView> {
    return this.database.inTenant(tenantId, async (tx) => {
      const session = found(await this.sessions.lock(tx, { tenantId, id }));
      const changed = changedFields(toSession(session), changes);
      if (changed.length === 0) return toSession(session);
      const { name = session.name, model = session.model, project_id: projectId = session.projectId } = changes;
      if (projectId !== session.projectId) await this.keepProject(tx, tenantId, projectId);
      const { tags = session.tags, concurrency = session.concurrency, context = session.context } = changes;
      const [updated] = await Promise.all([
        this.sessions.update(tx, { ...session, name, model, projectId, tags, concurrency, context }),
        this.outbox.add(tx, sessionUpdated, tenantId, {
          ...{ session_id: id, project_id: projectId, status: session.status, changed, updated_by: subject },
        }),
      ]);
      return toSession(found(updated));
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
