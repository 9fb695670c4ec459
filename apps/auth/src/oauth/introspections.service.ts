import { Injectable } from '@nestjs/common';
import type { Identity, Introspection } from '@parley/contracts';
import { PresentedTokens } from './presented-tokens.js';

/** What a token is worth now (RFC 7662), for callers of its tenant. */
@Injectable()
export class Introspections {
  constructor(private readonly presented: PresentedTokens) {}

  /** @throws AppError service.unavailable where that cannot be known. */
  async read({ tenantId }: Identity, token: string): Promise<Introspection> {
    const good = await this.presented.read(token);
    if (good?.identity.tenantId !== tenantId) return { active: false };
    const { identity, claims } = good;
    const { iss, aud, exp, iat, nbf, jti, sub, tenant_id, act } = claims;
    const itself = identity.subjectType === 'service_account' ? sub : undefined;
    return {
      active: true,
      scope: [...identity.permissions].join(' '),
      client_id: act?.sub ?? itself,
      token_type: 'Bearer',
      ...{ iss, aud, exp, iat, nbf, jti, sub, tenant_id, act },
    };
  }
}
