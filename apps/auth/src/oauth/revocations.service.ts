import { Injectable } from '@nestjs/common';
import type { RevocationRequest } from '@parley/contracts';
import { Database } from '@parley/persistence';
import { AccessChanges } from '../access-changes/access-changes.js';
import { RefreshesService } from '../logins/refreshes.service.js';
import { ClientAuthentication, type ClientRequest } from './client-authentication.js';
import { PresentedTokens } from './presented-tokens.js';

/** Who has a token may end it (RFC 7009). */
@Injectable()
export class Revocations {
  constructor(
    private readonly clients: ClientAuthentication,
    private readonly refreshes: RefreshesService,
    private readonly presented: PresentedTokens,
    private readonly database: Database,
    private readonly access: AccessChanges,
  ) {}

  /**
   * A refresh token ends with its login and all tokens of that, an access token with those that it was exchanged for.
   * Whatever is no good token changes nothing. @throws AppError oauth.invalid_client where one shows a wrong secret.
   */
  async revoke(request: ClientRequest<RevocationRequest>): Promise<void> {
    await this.clients.check(request);
    const { token } = request.form;
    await this.refreshes.revoke(token);
    const { identity } = (await this.presented.read(token)) ?? {};
    if (!identity) return;
    const { tenantId, tokenId, expiresAt } = identity;
    await this.database.inTenant(tenantId, (tx) => this.access.tokenRevoked(tx, tenantId, tokenId, expiresAt));
  }
}
