import { Injectable } from '@nestjs/common';
import { accessTokenClaims, isAppError, type AccessTokenClaims, type Identity } from '@parley/contracts';
import { TokenVerifier } from '@parley/identity';

/** An access token that is good at the moment. */
export interface GoodToken {
  readonly claims: AccessTokenClaims;
  /** What it is worth now, where less or more than it says. */
  readonly identity: Identity;
}

/** Access tokens that somebody shows in a form. */
@Injectable()
export class PresentedTokens {
  constructor(private readonly verifier: TokenVerifier) {}

  /** Undefined for whatever is no good access token. @throws AppError service.unavailable where that cannot be known. */
  async read(token: string): Promise<GoodToken | undefined> {
    try {
      const identity = await this.verifier.verify(token);
      return { identity, claims: claimsOf(token) };
    } catch (error) {
      if (isAppError(error) && error.code.startsWith('credential.')) return undefined;
      throw error;
    }
  }
}

/** Of a token that was verified. */
const claimsOf = (token: string): AccessTokenClaims =>
  accessTokenClaims.parse(JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8')));
