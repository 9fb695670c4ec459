import { Injectable } from '@nestjs/common';
import { Clock } from '@parley/service-kit';
import { AccessTokens, type IssuedToken } from '../tokens/access-tokens.js';
import { secretIdOf } from '../tokens/secret-id.js';
import { TokenLifetimes } from '../tokens/token-lifetimes.js';
import { ownerOf, tokenLifetimeS, type StoredApiKey } from './api-key.js';

/** Issues the tokens that stand for keys behind the edge. */
@Injectable()
export class KeyTokens {
  constructor(
    private readonly tokens: AccessTokens,
    private readonly lifetimes: TokenLifetimes,
    private readonly clock: Clock,
  ) {}

  /** By the secret of this digest. */
  issue(key: StoredApiKey, keyHash: string, permissions: readonly string[]): IssuedToken {
    const { type, id } = ownerOf(key);
    const { tokensPerMinute, concurrentStreams, models } = key;
    const grant = {
      sub: id,
      sub_type: type,
      tenant_id: key.tenantId,
      permissions: [...permissions],
      key_id: key.id,
      ancestors: [secretIdOf(keyHash)],
      limits: {
        requests_per_minute: key.requestsPerMinute,
        ...(tokensPerMinute !== null && { tokens_per_minute: tokensPerMinute }),
        ...(concurrentStreams !== null && { concurrent_streams: concurrentStreams }),
      },
      ...(models && { models: [...models] }),
    };
    const now = new Date(this.clock.now());
    return this.tokens.issue(grant, tokenLifetimeS(key, now, this.lifetimes.apiKeyTokenS));
  }
}
