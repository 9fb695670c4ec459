import { Injectable } from '@nestjs/common';
import { refreshTokenReused } from '@parley/contracts';
import { Outbox } from '@parley/messaging';
import { Database, type Transaction } from '@parley/persistence';
import { Clock } from '@parley/service-kit';
import { AccessChanges } from '../access-changes/access-changes.js';
import type { Login, LoginEnd } from './login.js';
import { LoginsRepository, type LoginsOf } from './logins.repository.js';

/** Ends logins: their refresh tokens with the transaction's commit, their access tokens everywhere within 2 s of it. */
@Injectable()
export class LoginEnds {
  constructor(
    private readonly database: Database,
    private readonly logins: LoginsRepository,
    private readonly access: AccessChanges,
    private readonly outbox: Outbox,
    private readonly clock: Clock,
  ) {}

  /** False where it is not the user's. */
  async end(tx: Transaction, login: Omit<Login, 'endedAt'>, reason: LoginEnd): Promise<boolean> {
    const found = await this.logins.end(tx, login, reason, this.now());
    if (found) await this.access.loginsEnded(tx, login.tenantId, [login.id]);
    return found;
  }

  /** The login of a refresh token that is in two hands. */
  async endReused(tx: Transaction, login: Login): Promise<void> {
    const { id: login_id, tenantId, userId: user_id } = login;
    await this.end(tx, login, 'reuse');
    await this.outbox.add(tx, refreshTokenReused, tenantId, { login_id, user_id });
  }

  async endAll(tx: Transaction, whose: LoginsOf, reason: LoginEnd): Promise<void> {
    const ended = await this.logins.endAll(tx, whose, reason, this.now());
    if (ended.length > 0) await this.access.loginsEnded(tx, whose.tenantId, ended);
  }

  /** In every tenant of the user, in a transaction of theirs. */
  async endEverywhere(tx: Transaction, { userId, keep }: Omit<LoginsOf, 'tenantId'>, reason: LoginEnd): Promise<void> {
    for (const tenantId of await this.logins.tenantsOf(tx, userId)) {
      await this.database.enterTenant(tx, tenantId);
      await this.endAll(tx, { tenantId, userId, keep }, reason);
    }
  }

  private now(): Date {
    return new Date(this.clock.now());
  }
}
