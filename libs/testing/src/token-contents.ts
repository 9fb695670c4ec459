import type { AccessTokenClaims } from '@parley/contracts';

const part = (token: string, place: 0 | 1): unknown =>
  JSON.parse(Buffer.from(token.split('.')[place] ?? '', 'base64url').toString());

/** What a token says of its signature, which is not checked. */
export const headerOf = (token: string) => part(token, 0) as { readonly alg: string; readonly kid: string };

/** What a token says, whoever signed it. */
export const claimsOf = (token: string) => part(token, 1) as AccessTokenClaims;
