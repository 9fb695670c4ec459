import { hash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { AppError, type ExchangeResponse } from '@parley/contracts';
import { isWellFormedApiKey } from '@parley/identity';
import { Clock } from '@parley/service-kit';
import { AccessTokens } from '../tokens/access-tokens.js';
import { TokenLifetimes } from '../tokens/token-lifetimes.js';
import { judge, tokenLifetimeS } from './api-key.js';
import { ApiKeysRepository } from './api-keys.repository.js';

/** Turns API keys into the one token format behind the edge. */
@Injectable()
export class ExchangeService {
  constructor(
    private readonly keys: ApiKeysRepository,
    private readonly tokens: AccessTokens,
    private readonly lifetimes: TokenLifetimes,
    private readonly clock: Clock,
  ) {}

  /** A mistyped key is refused by its checksum, without a look-up. @throws AppError credential.invalid, .expired or .revoked. */
  async exchange(credential: string): Promise<ExchangeResponse> {
    if (!isWellFormedApiKey(credential)) throw new AppError('credential.invalid', { internal: 'malformed API key' });
    const key = await this.keys.findByHash(hash('sha256', credential));
    if (!key) throw new AppError('credential.invalid', { internal: 'no such API key' });
    const now = new Date(this.clock.now());
    const verdict = judge(key, now);
    if (verdict !== 'good') throw new AppError(`credential.${verdict}`);
    return this.tokens.issue(
      {
        sub: key.createdBy,
        tenant_id: key.tenantId,
        permissions: [...key.permissions],
        key_id: key.id,
        limits: { requests_per_minute: key.requestsPerMinute },
      },
      tokenLifetimeS(key, now, this.lifetimes.apiKeyTokenS),
    );
  }
}
