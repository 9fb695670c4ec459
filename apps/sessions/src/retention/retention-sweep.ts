import { Injectable } from '@nestjs/common';
import { SystemDatabase } from '@parley/persistence';
import { SessionSweeper } from '../sessions/session-sweeper.js';
import { oldSessions, type RetentionRule } from './old-sessions.js';

const rules = 'select tenant_id as "tenantId", days, set_by as "setBy" from session_retention order by tenant_id';

/** Deletes what is older than its tenant keeps it. */
@Injectable()
export class RetentionSweep {
  constructor(
    private readonly system: SystemDatabase,
    private readonly sweeper: SessionSweeper,
  ) {}

  /** Tenant by tenant, so that what fails for one stays its own. @throws AggregateError of those that failed. */
  async run(): Promise<void> {
    const failures: unknown[] = [];
    for (const rule of await this.system.query<RetentionRule>(rules))
      await this.sweeper.apply(oldSessions(rule)).catch((error: unknown) => failures.push(error));
    if (failures.length > 0) throw new AggregateError(failures, `Retention failed for ${failures.length} tenants`);
  }
}
