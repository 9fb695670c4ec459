import { Injectable } from '@nestjs/common';
import { SystemDatabase } from '@parley/persistence';
import { Log, Shutdown } from '@parley/service-kit';
import { lostUsage } from './turn.js';
import { TurnEnding } from './turn-ending.js';
import { forgetLost } from './turn-queue.repository.js';
import { TurnsRepository } from './turns.repository.js';

/** Found by one statement. */
const batch = 500;

/** Interrupted at the same time: each takes a connection of the pool, and requests need some too. */
const atOnce = 8;

interface ExpiredTurn {
  readonly tenantId: string;
  readonly id: string;
  /** As text: a Date has no microseconds. */
  readonly leaseUntil: string;
}

type Place = Pick<ExpiredTurn, 'leaseUntil' | 'id'>;
const beginning: Place = { leaseUntil: '-infinity', id: '00000000-0000-0000-0000-000000000000' };

export const findExpired = `select tenant_id as "tenantId", id, lease_until::text as "leaseUntil" from turns
  where status = 'open' and lease_until < clock_timestamp() and (lease_until, id) > ($1, $2)
  order by lease_until, id limit ${batch}`;

/** Interrupts the turns whose gateway was lost; any number of instances may do so at the same time. */
@Injectable()
export class ExpiredTurns {
  constructor(
    private readonly system: SystemDatabase,
    private readonly turns: TurnsRepository,
    private readonly ending: TurnEnding,
    private readonly log: Log,
    private readonly shutdown: Shutdown,
  ) {}

  /** Tries each once, so that those which cannot be interrupted keep none of the others waiting; a drain ends it. */
  async sweep(): Promise<void> {
    await this.system.query(forgetLost);
    let found: readonly ExpiredTurn[];
    let last = beginning;
    do {
      found = await this.system.query<ExpiredTurn>(findExpired, [last.leaseUntil, last.id]);
      last = found.at(-1) ?? last;
      await this.interruptAll(found);
    } while (found.length === batch && !this.shutdown.draining);
  }

  private async interruptAll(turns: readonly ExpiredTurn[]): Promise<void> {
    const rest = turns.values();
    const takeTurns = async () => {
      for (const turn of rest) if (!this.shutdown.draining) await this.tryToInterrupt(turn);
    };
    await Promise.all(Array.from({ length: atOnce }, takeTurns));
  }

  private async tryToInterrupt(turn: ExpiredTurn): Promise<void> {
    try {
      await this.interrupt(turn);
    } catch (err) {
      this.log.error({ err, turn_id: turn.id }, 'a turn whose lease ran out was not interrupted');
    }
  }

  /** In a transaction of its tenant. */
  private interrupt({ tenantId, id }: ExpiredTurn): Promise<void> {
    return this.turns.inTenant(tenantId, async (tx) => {
      const held = await this.turns.holdExpired(tx, tenantId, id);
      if (!held) return;
      const reason = held.turn.stopping ? 'cancelled' : 'lease_expired';
      await this.ending.interrupt(tx, held, { content: [], reason, usage: lostUsage(held.turn) });
    });
  }
}
