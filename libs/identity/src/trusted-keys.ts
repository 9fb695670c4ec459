import { createPublicKey } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { JwtService } from '@nestjs/jwt';
import { AppError, tokenAudience, tokenIssuer, type Jwks } from '@parley/contracts';
import { Clock, Log } from '@parley/service-kit';
import { JwksSource } from './jwks-source.js';

/** An unknown key id asks for the key set again at most this often, so that forged ids cannot flood the auth service. */
const refetchAfterMs = 5_000;
/** While there are no keys at all every token is refused with 503; a starting platform should get over that sooner. */
const firstFetchRetryMs = 1_000;
/** A withdrawn key is noticed within this time. */
const maxAgeMs = 60_000;

type Attempt = { readonly at: number; readonly succeeded: boolean };

/** The signing keys that tokens are checked against, by key id. The last good set is kept while the auth service is away. */
@Injectable()
export class TrustedKeys {
  private keys: ReadonlyMap<string, JwtService> = new Map();
  private lastAttempt: Attempt = { at: Number.NEGATIVE_INFINITY, succeeded: false };
  private fetching: Promise<void> | undefined;

  constructor(
    private readonly source: JwksSource,
    private readonly clock: Clock,
    private readonly log: Log,
  ) {}

  /** True while the key is in the newest known set; costs one map look-up. */
  trusts(keyId: string): boolean {
    if (this.clock.now() - this.lastAttempt.at > maxAgeMs) void this.fetch();
    return this.keys.has(keyId);
  }

  /**
   * The verifier of the key, or undefined when the auth service has no such key.
   * @throws AppError service.unavailable when that cannot be known because the auth service is away.
   */
  async find(keyId: string): Promise<JwtService | undefined> {
    if (!this.trusts(keyId) && this.mayAskAgain()) await this.fetch();
    const key = this.keys.get(keyId);
    if (key || this.lastAttempt.succeeded) return key;
    throw new AppError('service.unavailable', {
      detail: 'Tokens cannot be checked at the moment',
      internal: 'the key set of the auth service could not be fetched',
      retryAfterMs: firstFetchRetryMs,
    });
  }

  private mayAskAgain(): boolean {
    if (this.fetching) return true;
    return this.clock.now() - this.lastAttempt.at >= (this.keys.size > 0 ? refetchAfterMs : firstFetchRetryMs);
  }

  /** Concurrent callers share one fetch. Never rejects. */
  private fetch(): Promise<void> {
    this.fetching ??= this.fetchOnce().finally(() => (this.fetching = undefined));
    return this.fetching;
  }

  private async fetchOnce(): Promise<void> {
    try {
      this.keys = verifiers(await this.source.fetch());
      this.lastAttempt = { at: this.clock.now(), succeeded: true };
    } catch (error) {
      this.lastAttempt = { at: this.clock.now(), succeeded: false };
      this.log.warn(
        { err: error, keptKeys: this.keys.size },
        'signing keys could not be fetched; the last good ones stay',
      );
    }
  }
}

/** Each key gets a verifier that can do ES256 with that key, our issuer and our audience, and nothing else. */
function verifiers(keySet: Jwks): ReadonlyMap<string, JwtService> {
  return new Map(
    keySet.keys.map((jwk) => [
      jwk.kid,
      new JwtService({
        publicKey: createPublicKey({ key: jwk, format: 'jwk' }),
        verifyOptions: { algorithms: ['ES256'], issuer: tokenIssuer, audience: tokenAudience },
      }),
    ]),
  );
}
