import { createHmac, hash, hkdfSync, randomBytes } from 'node:crypto';
import type { Config } from '../config.js';

/** What is stored and looked up in the token's place. */
export const digestOf = (refreshToken: string): string => hash('sha256', refreshToken);

/** Opaque and 256 bits strong, so that a plain digest is enough to store. The prefix lets secret scanners know it. */
const written = (secret: Buffer): string => `plr_${secret.toString('base64url')}`;

/** The first of a login. */
export const mintRefreshToken = (): string => written(randomBytes(32));

/** What takes a refresh token's place; injectable by this class. */
export class RefreshTokens {
  /** For how long after its use a token still gives the successor that it gave then. */
  readonly graceMs: number;
  private readonly key: Buffer;

  constructor({ AUTH_ENCRYPTION_KEY, REFRESH_GRACE_S }: Pick<Config, 'AUTH_ENCRYPTION_KEY' | 'REFRESH_GRACE_S'>) {
    this.graceMs = REFRESH_GRACE_S * 1_000;
    this.key = Buffer.from(hkdfSync('sha256', AUTH_ENCRYPTION_KEY, '', 'parley-auth refresh token successors', 32));
  }

  /**
   * The one that takes a token's place: always the same, so that it can be answered again without being stored, and known
   * to nobody who has not both the token and the key (docs/adr/0020).
   */
  successorOf(refreshToken: string): string {
    return written(createHmac('sha256', this.key).update(refreshToken).digest());
  }
}
