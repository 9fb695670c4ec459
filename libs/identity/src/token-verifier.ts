import { hash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { accessTokenClaims, AppError, maxTokenBytes, type Identity } from '@parley/contracts';
import { LocalCache } from '@parley/cache';
import { Clock, Metrics } from '@parley/service-kit';
import { z } from 'zod';
import { AccessChangeLog } from './access-changes/access-change-log.js';
import { TrustedKeys } from './trusted-keys.js';
import { clockToleranceMs, toVerified, withPermissions, type VerifiedToken } from './verified-token.js';

const maxVerifiedTokens = 10_000;

/**
 * What of a token's header is looked at. A key that the header brings or points to (`jwk`, `jku`, `x5c`, `x5u`) is never
 * looked at; a `crit` extension must be understood (RFC 7515 §4.1.11), and we understand none.
 */
const header = z.object({ alg: z.literal('ES256'), kid: z.string().min(1).max(64), crit: z.undefined().optional() });

/** Verifies access tokens offline. A token seen before costs one digest and two map look-ups until access changes. */
@Injectable()
export class TokenVerifier {
  /** By SHA-256, so that no usable credential stays in memory. */
  private readonly verified: LocalCache<VerifiedToken>;

  constructor(
    private readonly keys: TrustedKeys,
    private readonly changes: AccessChangeLog,
    private readonly clock: Clock,
    metrics: Metrics,
  ) {
    const ttlMs = (token: VerifiedToken): number => token.expiresAt - clock.now();
    this.verified = new LocalCache({ name: 'tokens', maxEntries: maxVerifiedTokens, ttlMs, metrics, clock });
  }

  /**
   * @throws AppError credential.invalid, .expired or .revoked; service.unavailable when the signing keys could not be
   * fetched, so that nobody is told that a good credential is bad.
   */
  async verify(token: string): Promise<Identity> {
    if (token.length > maxTokenBytes) throw invalid('the token is over 4 KB');
    const digest = hash('sha256', token);
    let verified = this.verified.get(digest);
    if (!verified || !this.keys.trusts(verified.signedWith)) {
      verified = await this.check(token);
      this.verified.set(digest, verified);
    }
    if (verified.expiresAt <= this.clock.now()) throw new AppError('credential.expired');
    const { identity } = this.standingOf(verified);
    if (!identity) throw new AppError('credential.revoked');
    return identity;
  }

  private standingOf(token: VerifiedToken): VerifiedToken['standing'] {
    const { revision } = this.changes;
    if (token.standing.revision !== revision) {
      const permissions = this.changes.judge(token.origin);
      const identity = permissions && withPermissions(token.identity, permissions);
      token.standing = { revision, identity };
    }
    return token.standing;
  }

  private async check(token: string): Promise<VerifiedToken> {
    const { kid } = readHeader(token);
    const key = await this.keys.find(kid);
    if (!key) throw invalid('no such signing key');
    try {
      const claims = accessTokenClaims.parse(
        key.verify(token, {
          clockTimestamp: Math.floor(this.clock.now() / 1_000),
          clockTolerance: clockToleranceMs / 1_000,
        }),
      );
      return toVerified(claims, kid);
    } catch (error) {
      if (error instanceof Error && error.name === 'TokenExpiredError') throw new AppError('credential.expired');
      throw invalid('signature or claims', error);
    }
  }
}

const invalid = (internal: string, cause?: unknown): AppError =>
  new AppError('credential.invalid', { internal, cause });

/** Checked before anything is looked up, so that a token of another kind cannot make us ask for keys. */
function readHeader(token: string): z.infer<typeof header> {
  const [encoded = '', ...rest] = token.split('.', 4);
  if (rest.length !== 2) throw invalid('not a token');
  try {
    return header.parse(JSON.parse(Buffer.from(encoded, 'base64url').toString('utf8')));
  } catch (error) {
    throw invalid('the header is not one of ours', error);
  }
}
