import { Injectable } from '@nestjs/common';
import {
  AppError,
  decodeCursor,
  storedPosition,
  toPage,
  type EndLoginsQuery,
  type Identity,
  type LoginPage,
  type LogoutRequest,
  type PageQuery,
} from '@parley/contracts';
import { Clock } from '@parley/service-kit';
import { LoginEnds } from './login-ends.js';
import { demandOwnLogin } from './login.js';
import { LoginsRepository, type ListedLogin } from './logins.repository.js';
import { digestOf } from './refresh-tokens.js';

/** What users do with their own logins of the tenant; each method throws AppError request.forbidden for other callers. */
@Injectable()
export class OwnLoginsService {
  constructor(
    private readonly logins: LoginsRepository,
    private readonly ends: LoginEnds,
    private readonly clock: Clock,
  ) {}

  /** Those that are going on, newest first. @throws AppError cursor.invalid. */
  async list(caller: Identity, { limit, cursor }: PageQuery): Promise<LoginPage> {
    const current = demandOwnLogin(caller);
    const { tenantId, subject: userId } = caller;
    const after = cursor === undefined ? undefined : decodeCursor(storedPosition, cursor);
    const wanted = { tenantId, userId, now: new Date(this.clock.now()), after, limit: limit + 1 };
    const rows = await this.logins.inTenant(tenantId, (tx) => this.logins.list(tx, wanted));
    const page = toPage(rows, limit, ({ createdAt, id }) => [createdAt.toISOString(), id]);
    return { ...page, data: page.data.map((login) => toListed(login, current)) };
  }

  /**
   * Ends the login that the call was made with.
   * @throws AppError refresh_token.invalid, and nothing changed, for a refresh token of another login.
   */
  async logout(caller: Identity, { refresh_token }: LogoutRequest = {}): Promise<void> {
    const id = demandOwnLogin(caller);
    const owner = refresh_token === undefined ? undefined : await this.logins.findOwner(digestOf(refresh_token));
    if (refresh_token !== undefined && owner?.loginId !== id) throw new AppError('refresh_token.invalid');
    const { tenantId, subject: userId } = caller;
    await this.logins.inTenant(tenantId, (tx) => this.ends.end(tx, { id, tenantId, userId }, 'logout'));
  }

  /** @throws AppError login.not_found, also for another user's. */
  async end(caller: Identity, id: string): Promise<void> {
    demandOwnLogin(caller);
    const { tenantId, subject: userId } = caller;
    const found = await this.logins.inTenant(tenantId, (tx) => this.ends.end(tx, { id, tenantId, userId }, 'revoked'));
    if (!found) throw new AppError('login.not_found');
  }

  async endAll(caller: Identity, { keep_current }: EndLoginsQuery): Promise<void> {
    const current = demandOwnLogin(caller);
    const { tenantId, subject: userId } = caller;
    const whose = { tenantId, userId, keep: keep_current === 'true' ? current : undefined };
    await this.logins.inTenant(tenantId, (tx) => this.ends.endAll(tx, whose, 'revoked'));
  }
}

const toListed = (login: ListedLogin, current: string): LoginPage['data'][number] => ({
  id: login.id,
  current: login.id === current,
  created_at: login.createdAt.toISOString(),
  last_used_at: login.lastUsedAt.toISOString(),
  expires_at: login.expiresAt.toISOString(),
  address: login.address,
  user_agent: login.userAgent,
});
