/** One session of one user: from the password until its end, through a family of refresh tokens. */
export interface Login {
  readonly id: string;
  readonly tenantId: string;
  readonly userId: string;
  readonly endedAt: Date | null;
}

export type LoginEnd = 'logout' | 'reuse';

/** One refresh token of a login. Each is good for one use, which replaces it. */
export interface RefreshToken {
  readonly expiresAt: Date;
  readonly replacedAt: Date | null;
}

/**
 * What presenting a refresh token leads to. A token that was replaced before is in two hands, and nobody can tell whose
 * are the right ones: the login ends (RFC 9700 §4.14.2).
 */
export type Presentation = 'rotate' | 'reuse' | 'invalid';

export function present(login: Login, token: RefreshToken, now: Date): Presentation {
  if (login.endedAt) return 'invalid';
  if (token.replacedAt) return 'reuse';
  return token.expiresAt <= now ? 'invalid' : 'rotate';
}
