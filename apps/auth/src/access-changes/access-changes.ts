import { Injectable } from '@nestjs/common';
import { accessChanged, type AccessChange } from '@parley/contracts';
import { AccessChangeLog } from '@parley/identity';
import { Outbox } from '@parley/messaging';
import type { Transaction } from '@parley/persistence';
import { TokenLifetimes } from '../tokens/token-lifetimes.js';
import { AccessChangeStore } from './access-change-store.js';
import { slackMs } from './slack.js';

/** Changes of one event: with 4 KB of permissions each it stays under the megabyte that an event may have. */
const changesPerEvent = 200;

/**
 * Says what tokens that are out already are worth from now on (docs/adr/0019). The caller's transaction holds the rows
 * that decide, so that the changes of a subject are told in the order in which they are committed.
 */
@Injectable()
export class AccessChanges {
  constructor(
    private readonly outbox: Outbox,
    private readonly lifetimes: TokenLifetimes,
    private readonly log: AccessChangeLog,
    private readonly store: AccessChangeStore,
  ) {}

  /** The subject has these permissions now, and no others. Also told of a member who is added: it takes back an earlier removal. */
  permissionsChanged(
    tx: Transaction,
    tenantId: string,
    subjectId: string,
    permissions: readonly string[],
  ): Promise<void> {
    return this.permissionsOfManyChanged(tx, tenantId, new Map([[subjectId, permissions]]));
  }

  /** As `permissionsChanged`, of any number of subjects, and of API keys, whose tokens never get more by it. */
  async permissionsOfManyChanged(
    tx: Transaction,
    tenantId: string,
    permissionsBySubject: ReadonlyMap<string, readonly string[]>,
  ): Promise<void> {
    const times = await this.times(tx);
    const changes = Array.from(permissionsBySubject, ([id, permissions]) => ({
      kind: 'permissions_changed' as const,
      id,
      ...times,
      permissions: [...permissions],
    }));
    await this.announce(tx, tenantId, changes);
  }

  /**
   * The subject is no longer of the tenant, neither by itself nor acting for others. A user's logins and keys are told
   * of besides, since their tokens must not come back when the user does.
   */
  async subjectRemoved(tx: Transaction, tenantId: string, id: string): Promise<void> {
    await this.announce(tx, tenantId, [{ kind: 'subject_removed', id, ...(await this.times(tx)) }]);
  }

  async loginsEnded(tx: Transaction, tenantId: string, ids: readonly string[]): Promise<void> {
    const { until } = await this.times(tx);
    await this.announce(
      tx,
      tenantId,
      ids.map((id) => ({ kind: 'login_ended', id, until })),
    );
  }

  async keysRevoked(tx: Transaction, tenantId: string, ids: readonly string[]): Promise<void> {
    const { until } = await this.times(tx);
    await this.announce(
      tx,
      tenantId,
      ids.map((id) => ({ kind: 'api_key_revoked', id, until })),
    );
  }

  /** The token of this `jti`, and all that it was exchanged for. */
  async tokenRevoked(tx: Transaction, tenantId: string, jti: string, expiresAt: Date): Promise<void> {
    const until = new Date(expiresAt.getTime() + slackMs).toISOString();
    await this.announce(tx, tenantId, [{ kind: 'token_revoked', id: jti, until }]);
  }

  /** Tokens that were got by these secrets name them as they name the tokens that they came of. */
  async secretsReplaced(tx: Transaction, tenantId: string, ids: readonly string[]): Promise<void> {
    const { until } = await this.times(tx);
    const changes = ids.map((id) => ({ kind: 'token_revoked' as const, id, until }));
    await this.announce(tx, tenantId, changes);
  }

  /** By the database's clock, the one that all instances share. */
  private async times(tx: Transaction): Promise<{ readonly at: string; readonly until: string }> {
    const [row] = await tx.query<{ now: Date }>('select clock_timestamp() as now');
    if (!row) throw new Error('The database told no time');
    const at = row.now.getTime() + slackMs;
    return {
      at: new Date(at).toISOString(),
      until: new Date(at + this.lifetimes.longestTokenS * 1_000 + slackMs).toISOString(),
    };
  }

  /** What is announced is refused here from the commit on, elsewhere as soon as it is heard of: within 2 s. */
  private async announce(tx: Transaction, tenantId: string, changes: readonly AccessChange[]): Promise<void> {
    for (let from = 0; from < changes.length; from += changesPerEvent)
      await this.outbox.add(tx, accessChanged, tenantId, { changes: changes.slice(from, from + changesPerEvent) });
    if (changes.length === 0) return;
    tx.afterCommit(() => {
      this.log.apply(tenantId, changes, 'commit');
      this.store.add(tenantId, changes);
    });
  }
}
