import { Injectable } from '@nestjs/common';
import { SystemDatabase } from '@parley/persistence';
import { Log } from '@parley/service-kit';
import { TurnEnding } from './turn-ending.js';
import { TurnsRepository } from './turns.repository.js';

/** Of one sweep; the next finds the rest. */
const batch = 500;

const find = `select tenant_id as "tenantId", id from turns
  where status = 'open' and lease_until < clock_timestamp() order by lease_until limit ${batch}`;

interface TurnKey {
  readonly tenantId: string;
  readonly id: string;
}

/** Interrupts the turns whose gateway was lost; any number of instances may do so at the same time. */
@Injectable()
export class ExpiredTurns {
  constructor(
    private readonly system: SystemDatabase,
    private readonly turns: TurnsRepository,
    private readonly ending: TurnEnding,
    private readonly log: Log,
  ) {}

  /** Each in a transaction of its tenant: one that fails holds up no other. */
  async sweep(): Promise<void> {
    for (const turn of await this.system.query<TurnKey>(find))
      await this.interrupt(turn).catch((err: unknown) => {
        this.log.error({ err, turn_id: turn.id }, 'a turn whose lease ran out was not interrupted');
      });
  }

  private interrupt({ tenantId, id }: TurnKey): Promise<void> {
    return this.turns.inTenant(tenantId, async (tx) => {
      const held = await this.turns.holdExpired(tx, tenantId, id);
      if (held) await this.ending.interrupt(tx, held, { content: [], reason: 'lease_expired' });
    });
  }
}
