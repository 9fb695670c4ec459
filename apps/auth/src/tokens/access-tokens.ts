import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { tokenAudience, tokenIssuer, type NewAccessTokenClaims } from '@parley/contracts';
import { Clock } from '@parley/service-kit';
import { SigningKeys } from './signing-keys.js';

/** What a token says, besides what every token says. */
export type TokenGrant = Omit<NewAccessTokenClaims, 'iss' | 'aud' | 'jti' | 'iat' | 'nbf' | 'exp'>;

/** A token and the seconds that it lives, named as RFC 6749 §5.1 names them. */
export interface IssuedToken {
  readonly access_token: string;
  readonly expires_in: number;
}

/** Issues the one token format behind the edge (docs/adr/0012). */
@Injectable()
export class AccessTokens {
  constructor(
    private readonly keys: SigningKeys,
    private readonly clock: Clock,
  ) {}

  issue(grant: TokenGrant, lifetimeS: number): IssuedToken {
    const now = Math.floor(this.clock.now() / 1_000);
    const claims: NewAccessTokenClaims = {
      ...grant,
      iss: tokenIssuer,
      aud: tokenAudience,
      jti: randomUUID(),
      iat: now,
      nbf: now,
      exp: now + lifetimeS,
    };
    return { access_token: this.keys.current.signer.sign(claims), expires_in: lifetimeS };
  }
}
