import { sessionDeleted } from '@parley/contracts';
import { outboxRow } from '@parley/messaging';
import type { Sweep } from '../sessions/session-sweeper.js';
import type { Session } from '../sessions/session.js';

/** A session has up to 32 MiB of messages, which go in the same transaction. */
const batch = 50;

interface OldSession extends Pick<Session, 'tenantId' | 'id' | 'projectId'> {
  /** Who set the retention: it is they who have it deleted. */
  readonly setBy: string;
}

/** With their messages and turns, oldest first; what a turn is open in is in use. */
export const deleteOld = `delete from sessions s using (
    select o.*, r.set_by from session_retention r cross join lateral (
      select tenant_id, id from sessions
      where tenant_id = r.tenant_id and open_turn_id is null
        and updated_minute <= date_trunc('minute', (now() - make_interval(days => r.days)) at time zone 'UTC')
        and updated_at < now() - make_interval(days => r.days)
      order by updated_minute limit ${batch} for update skip locked) o
    limit ${batch}) old
  where s.tenant_id = old.tenant_id and s.id = old.id
  returning s.tenant_id as "tenantId", s.id, s.project_id as "projectId", old.set_by as "setBy"`;

/** Deletes sessions that were not changed for longer than their tenant keeps them. */
export const oldSessions: Sweep<OldSession> = {
  sql: deleteOld,
  params: [],
  batch,
  deletes: true,
  toEvent: ({ tenantId, id, projectId, setBy }) =>
    outboxRow(sessionDeleted, tenantId, { session_id: id, project_id: projectId, deleted_by: setBy }),
};
