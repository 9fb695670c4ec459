import { Injectable } from '@nestjs/common';
import type { Identity, SessionRetention } from '@parley/contracts';
import { Database } from '@parley/persistence';

/** How long a tenant keeps its sessions; null days keep them until somebody deletes them. */
@Injectable()
export class RetentionService {
  constructor(private readonly database: Database) {}

  get({ tenantId }: Identity): Promise<SessionRetention> {
    return this.database.inTenant(tenantId, async (tx) => {
      const [rule] = await tx.query<{ days: number }>('select days from session_retention where tenant_id = $1', [
        tenantId,
      ]);
      return { days: rule?.days ?? null };
    });
  }

  set({ tenantId, subject }: Identity, { days }: SessionRetention): Promise<SessionRetention> {
    return this.database.inTenant(tenantId, async (tx) => {
      if (days === null) await tx.query('delete from session_retention where tenant_id = $1', [tenantId]);
      else
        await tx.query(
          `insert into session_retention (tenant_id, days, set_by) values ($1, $2, $3)
           on conflict (tenant_id) do update set days = excluded.days, set_by = excluded.set_by`,
          [tenantId, days, subject],
        );
      return { days };
    });
  }
}
