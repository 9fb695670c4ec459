import { AppError, type Identity } from '@parley/contracts';

/** One session of one user: from the password until its end, through a family of refresh tokens. */
export interface Login {
  readonly id: string;
  readonly tenantId: string;
  readonly userId: string;
  readonly endedAt: Date | null;
}

/** Where a login came from, so that its user can tell it from others. */
export interface LoginOrigin {
  /** The client's. */
  readonly address: string;
  readonly userAgent: string | undefined;
}

export type LoginEnd = 'logout' | 'reuse' | 'revoked' | 'password';

/** One refresh token of a login. Each is good for one use, which replaces it. */
export interface RefreshToken {
  readonly expiresAt: Date;
  readonly replacedAt: Date | null;
}

/**
 * What presenting a refresh token leads to. Shortly after it was replaced it may come again: from a client that got no
 * answer, or from two of its threads. Later it is in two hands, and nobody can tell whose are the right ones: the login
 * ends (RFC 9700 §4.14.2).
 */
export type Presentation = 'rotate' | 'again' | 'reuse' | 'invalid';

export function present(login: Login, token: RefreshToken, now: Date, graceMs: number): Presentation {
  if (login.endedAt) return 'invalid';
  if (token.replacedAt) return now.getTime() - token.replacedAt.getTime() < graceMs ? 'again' : 'reuse';
  return token.expiresAt <= now ? 'invalid' : 'rotate';
}

/**
 * The login that a user made the call with: their own doing, rather than that of a key or of somebody who acts for them.
 * @throws AppError request.forbidden.
 */
export function demandOwnLogin({ subjectType, actors, loginId }: Identity): string {
  if (subjectType === 'user' && actors.length === 0 && loginId !== undefined) return loginId;
  throw new AppError('request.forbidden', { detail: 'Only a user who is logged in can do this, and nobody for them' });
}
