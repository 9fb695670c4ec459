import { Injectable } from '@nestjs/common';
import { sessionArchived, sessionUpdated, type Identity, type Session as SessionView } from '@parley/contracts';
import { Outbox } from '@parley/messaging';
import { Database } from '@parley/persistence';
import { found, toSession } from './session.js';
import { SessionsRepository } from './sessions.repository.js';

/** Doing either twice does no harm, and is told once. Both throw AppError session.not_found. */
@Injectable()
export class SessionArchive {
  constructor(
    private readonly database: Database,
    private readonly sessions: SessionsRepository,
    private readonly outbox: Outbox,
  ) {}

  /** From here on nothing is said in it; a turn under way is answered to its end. */
  archive({ tenantId, subject }: Identity, id: string): Promise<SessionView> {
    return this.database.inTenant(tenantId, async (tx) => {
      const session = found(await this.sessions.lock(tx, { tenantId, id }));
      if (session.status === 'archived') return toSession(session);
      const [archived] = await Promise.all([
        this.sessions.archive(tx, session),
        this.outbox.add(tx, sessionArchived, tenantId, {
          session_id: id,
          project_id: session.projectId,
          archived_by: subject,
        }),
      ]);
      return toSession(found(archived));
    });
  }

  restore({ tenantId, subject }: Identity, id: string): Promise<SessionView> {
    return this.database.inTenant(tenantId, async (tx) => {
      const session = found(await this.sessions.lock(tx, { tenantId, id }));
      if (session.status !== 'archived') return toSession(session);
      const [restored] = await Promise.all([
        this.sessions.restore(tx, session),
        this.outbox.add(tx, sessionUpdated, tenantId, {
          session_id: id,
          project_id: session.projectId,
          status: 'active',
          changed: ['status', 'archived_at'],
          updated_by: subject,
        }),
      ]);
      return toSession(found(restored));
    });
  }
}
