import { AppError, maxActors, type AccessTokenClaims, type ActorClaim } from '@parley/contracts';
import type { Client } from '../service-accounts/clients.service.js';
import type { TokenGrant } from '../tokens/access-tokens.js';
import { scoped } from './scope.js';

/** A subject's token, in the hands of somebody who is to act in the subject's place. */
export interface Delegation {
  readonly subject: AccessTokenClaims;
  /** What of the token's permissions the subject still has. */
  readonly held: ReadonlySet<string>;
  /** The service account that acts. */
  readonly actor: Pick<Client, 'id' | 'ancestors'>;
  /** What it asks for; all without it. */
  readonly scope: string | undefined;
}

/**
 * What the actor's token says: the subject's identity with all that bounds it, at most the subject's permissions, and
 * every hand that it went through (RFC 8693 §4.1; docs/adr/0023). It ends with the actor's secret as with the subject's token.
 * @throws AppError oauth.invalid_scope; oauth.invalid_request where it went through too many.
 */
export function delegate({ subject, held, actor, scope }: Delegation): TokenGrant {
  const { sub, sub_type, tenant_id, act, jti, ancestors = [], key_id, login_id, limits, models } = subject;
  if (actorsOf(act) >= maxActors)
    throw new AppError('oauth.invalid_request', {
      detail: `The subject token was delegated ${maxActors} times already`,
    });
  return {
    sub,
    sub_type,
    tenant_id,
    permissions: scoped(held, scope),
    act: { sub: actor.id, act },
    ancestors: [jti, ...ancestors, ...actor.ancestors],
    key_id,
    login_id,
    limits,
    models,
  };
}

const actorsOf = (act: ActorClaim | undefined): number => (act ? 1 + actorsOf(act.act) : 0);
