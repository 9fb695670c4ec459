import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { AppError, maxTokenBytes, tokenAudience, tokenIssuer, type NewAccessTokenClaims } from '@parley/contracts';
import { Clock } from '@parley/service-kit';
import { SigningKeys } from './signing-keys.js';
import { longestTokenBytes, type Granted } from './token-size.js';

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

  /**
   * To be asked before grants are stored: `permissions` are all that the subject or key would have, those of its role too.
   * @throws AppError grants.too_many where a token with them, delegated as often as it may be, would be too long.
   */
  demandFits(granted: Granted): void {
    const bytes = longestTokenBytes(granted);
    if (bytes > maxTokenBytes) throw tooMany(bytes);
  }

  /**
   * `latestExp` is for a token that comes of another, and does not outlive it.
   * @throws AppError grants.too_many where a role has grown since its holder was given more.
   */
  issue(grant: TokenGrant, lifetimeS: number, latestExp = Infinity): IssuedToken {
    const now = Math.floor(this.clock.now() / 1_000);
    const claims: NewAccessTokenClaims = {
      ...grant,
      iss: tokenIssuer,
      aud: tokenAudience,
      jti: randomUUID(),
      iat: now,
      nbf: now,
      exp: Math.min(now + lifetimeS, latestExp),
    };
    const token = this.keys.current.signer.sign(claims);
    if (token.length > maxTokenBytes) throw tooMany(token.length);
    return { access_token: token, expires_in: claims.exp - now };
  }
}

const tooMany = (bytes: number): AppError =>
  new AppError('grants.too_many', {
    detail: `A token would have ${bytes} bytes, of ${maxTokenBytes} that it may have; grant fewer or shorter permissions`,
  });
