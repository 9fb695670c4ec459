import type { Config } from '../config.js';

/** In seconds. */
export class TokenLifetimes {
  /** Of tokens that come from a password or a refresh. */
  readonly accessTokenS: number;
  readonly refreshTokenS: number;
  /** Of tokens exchanged for an API key: how long a revoked key works where the news of it does not arrive. */
  readonly apiKeyTokenS: number;

  constructor(config: Pick<Config, 'ACCESS_TOKEN_TTL_S' | 'REFRESH_TOKEN_TTL_S' | 'API_KEY_TOKEN_TTL_S'>) {
    this.accessTokenS = config.ACCESS_TOKEN_TTL_S;
    this.refreshTokenS = config.REFRESH_TOKEN_TTL_S;
    this.apiKeyTokenS = config.API_KEY_TOKEN_TTL_S;
  }

  /** No token lives longer, however it was got. */
  get longestTokenS(): number {
    return Math.max(this.accessTokenS, this.apiKeyTokenS);
  }
}
