import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { Retention, retentionBatch, SystemDatabase } from '@parley/persistence';
import { Clock, Log, Shutdown } from '@parley/service-kit';

/** How long logins, password resets and invitations are kept when they are over; injectable by this class. */
export class CredentialDays {
  constructor(readonly days: number) {}
}

const batch = (table: string, id: string, condition: string): string => `
  delete from ${table} where ${id} = any(array(select ${id} from ${table}
    where ${condition} limit ${retentionBatch} for update skip locked)) returning 1`;

/** With their refresh tokens. */
export const endedLogins = batch('logins', 'id', 'coalesce(ended_at, expires_at) < now() - make_interval(days => $1)');

/** Of logins that go on: until a token expires, its reuse is known as such. A day is for clocks that differ. */
export const expiredRefreshTokens = batch('refresh_tokens', 'token_hash', `expires_at < now() - interval '1 day'`);

export const endedResets = batch('password_resets', 'token_hash', 'expires_at < now() - make_interval(days => $1)');

export const endedInvitations = batch(
  'invitations',
  'id',
  'coalesce(accepted_at, revoked_at, expires_at) < now() - make_interval(days => $1)',
);

/** Deletes what somebody could get in by, long after they no longer can. */
@Injectable()
export class CredentialRetention extends Retention implements OnApplicationBootstrap {
  constructor({ days }: CredentialDays, database: SystemDatabase, clock: Clock, log: Log, shutdown: Shutdown) {
    const params = () => [days];
    super({
      database,
      clock,
      log,
      shutdown,
      rules: [
        { sql: endedLogins, params },
        { sql: expiredRefreshTokens },
        { sql: endedResets, params },
        { sql: endedInvitations, params },
      ],
    });
  }

  onApplicationBootstrap(): void {
    this.start();
  }
}
