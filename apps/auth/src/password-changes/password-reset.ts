import { hash, randomBytes } from 'node:crypto';

/** A one-time token that stands for the answer to a message sent to the account's address. */
export interface PasswordReset {
  readonly userId: string;
  readonly expiresAt: Date;
  readonly usedAt: Date | null;
}

/** Opaque and 256 bits strong, so that a plain digest is enough to store. The prefix lets secret scanners know it. */
export const mintResetToken = (): string => `prt_${randomBytes(32).toString('base64url')}`;

export const digestOf = (resetToken: string): string => hash('sha256', resetToken);

export const isGood = ({ expiresAt, usedAt }: PasswordReset, now: Date): boolean => usedAt === null && expiresAt > now;
