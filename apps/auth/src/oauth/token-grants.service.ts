import { Injectable } from '@nestjs/common';
import {
  AppError,
  exchangeGrant,
  isAppError,
  type ExchangeGrantRequest,
  type OAuthTokenResponse,
  type TokenRequest,
} from '@parley/contracts';
import { RefreshesService } from '../logins/refreshes.service.js';
import type { Client } from '../service-accounts/clients.service.js';
import { ClientAuthentication, type ClientRequest } from './client-authentication.js';
import { ClientTokens } from './client-tokens.js';
import { badSubject, DelegatedTokens } from './delegated-tokens.js';
import { PresentedTokens } from './presented-tokens.js';

/** What the token endpoint gives for what. */
@Injectable()
export class TokenGrants {
  constructor(
    private readonly clients: ClientAuthentication,
    private readonly clientTokens: ClientTokens,
    private readonly delegatedTokens: DelegatedTokens,
    private readonly refreshes: RefreshesService,
    private readonly presented: PresentedTokens,
  ) {}

  /** @throws AppError oauth.*, request.rate_limited. */
  async issue({ authorization, form }: ClientRequest<TokenRequest>): Promise<OAuthTokenResponse> {
    switch (form.grant_type) {
      case 'client_credentials':
        return this.clientTokens.issue(await this.clients.demand({ authorization, form }), form.scope);
      case 'refresh_token':
        // A login is the user's own, and no client's: one that shows a secret has to have the right one, and that is all.
        await this.clients.check({ authorization, form });
        return this.refresh(form.refresh_token, form.scope);
      case exchangeGrant:
        return this.exchange({ authorization, form });
    }
  }

  private async refresh(refreshToken: string, scope: string | undefined): Promise<OAuthTokenResponse> {
    if (scope !== undefined)
      throw new AppError('oauth.invalid_scope', {
        detail: 'A refresh gives all that the user may do; exchange for less',
      });
    try {
      const pair = await this.refreshes.refresh(refreshToken);
      const token = await this.presented.read(pair.access_token);
      return { ...pair, scope: [...(token?.identity.permissions ?? [])].join(' ') };
    } catch (cause) {
      if (isAppError(cause) && cause.code.startsWith('refresh_token.'))
        throw new AppError('oauth.invalid_grant', { detail: 'The refresh token is not good', cause });
      throw cause;
    }
  }

  private async exchange(request: ClientRequest<ExchangeGrantRequest>): Promise<OAuthTokenResponse> {
    const actor = await this.actorOf(request);
    const subject = await this.presented.read(request.form.subject_token);
    if (!subject) throw badSubject();
    return this.delegatedTokens.issue(subject, actor, request.form);
  }

  /** The client, or the service account whose token it shows: one that acts for itself. */
  private async actorOf(request: ClientRequest<ExchangeGrantRequest>): Promise<Client> {
    const { actor_token } = request.form;
    if (actor_token === undefined) return this.clients.demand(request);
    await this.clients.check(request);
    const { claims, identity } = (await this.presented.read(actor_token)) ?? {};
    if (identity?.subjectType !== 'service_account' || identity.actors.length > 0) throw badActor();
    return { id: identity.subject, tenantId: identity.tenantId, ancestors: claims?.ancestors ?? [] };
  }
}

const badActor = (): AppError =>
  new AppError('oauth.invalid_request', { detail: 'The actor token is not a good one of a service account' });
