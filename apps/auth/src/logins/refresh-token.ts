import { hash, randomBytes } from 'node:crypto';

/** Opaque and 256 bits strong, so that a plain digest is enough to store. The prefix lets secret scanners know it. */
export const mintRefreshToken = (): string => `plr_${randomBytes(32).toString('base64url')}`;

/** What is stored and looked up in the token's place. */
export const digestOf = (refreshToken: string): string => hash('sha256', refreshToken);
