import { sessionUpdated } from '@parley/contracts';
import { outboxRow } from '@parley/messaging';
import type { Sweep } from './session-sweeper.js';
import type { Session } from './session.js';

const batch = 500;

/** Least recently used first. A turn under way is no idleness, and who holds a session is saying something. */
export const settleIdle = `update sessions s set status = 'idle'
  where (s.tenant_id, s.id) in (
    select tenant_id, id from sessions
    where status = 'active' and open_turn_id is null
      and active_minute <= date_trunc('minute', (now() - make_interval(secs => $1)) at time zone 'UTC')
      and last_active_at < now() - make_interval(secs => $1)
    order by active_minute limit ${batch} for update skip locked)
  returning s.tenant_id as "tenantId", s.id, s.project_id as "projectId"`;

/** Sets sessions idle in which nothing was said for so long. */
export const idleSessions = (idleAfterS: number): Sweep<Pick<Session, 'tenantId' | 'id' | 'projectId'>> => ({
  sql: settleIdle,
  params: [idleAfterS],
  batch,
  toEvent: ({ tenantId, id, projectId }) =>
    outboxRow(sessionUpdated, tenantId, {
      ...{ session_id: id, project_id: projectId, status: 'idle', changed: ['status'], updated_by: null },
    }),
});
