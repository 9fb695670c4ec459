import { sessionDeleted } from '@parley/contracts';
import { outboxRow } from '@parley/messaging';
import type { Sweep } from '../sessions/session-sweeper.js';
import { maxTreeBytes, type Session } from '../sessions/session.js';

/** How long a tenant keeps its sessions. Who said so is who has them deleted. */
export interface RetentionRule {
  readonly tenantId: string;
  readonly days: number;
  readonly setBy: string;
}

/**
 * With their messages and turns, oldest first: at most 50, and as many as have together what one may have, or the first
 * alone. What a turn is open in is in use.
 */
export const deleteOld = `delete from sessions s using (
    select *, sum(size) over (order by updated_minute, id) as so_far from (
      select tenant_id, id, updated_minute, bytes + left_bytes as size from sessions
      where tenant_id = $1 and open_turn_id is null
        and updated_minute <= date_trunc('minute', (now() - make_interval(days => $2)) at time zone 'UTC')
        and updated_at < now() - make_interval(days => $2)
      order by updated_minute limit 50 for update skip locked) found) old
  where s.tenant_id = old.tenant_id and s.id = old.id and (so_far <= ${maxTreeBytes} or so_far = size)
  returning s.tenant_id as "tenantId", s.id, s.project_id as "projectId"`;

/** Deletes a tenant's sessions that were not changed for longer than it keeps them, until none is found. */
export const oldSessions = ({
  tenantId,
  days,
  setBy,
}: RetentionRule): Sweep<Pick<Session, 'tenantId' | 'id' | 'projectId'>> => ({
  sql: deleteOld,
  params: [tenantId, days],
  batch: 1,
  deletes: true,
  toEvent: ({ id, projectId }) =>
    outboxRow(sessionDeleted, tenantId, { session_id: id, project_id: projectId, deleted_by: setBy }),
});
