import { maxActors, maxAncestors, tokenAudience, tokenIssuer, type NewAccessTokenClaims } from '@parley/contracts';

const uuid = 'f'.repeat(36);
const time = 9_999_999_999;
/** An RFC 7638 thumbprint by SHA-256. */
const kid = 'k'.repeat(43);
/** ES256: two numbers of 32 bytes (RFC 7518 §3.4). */
const signatureBytes = 64;

const encodedLength = (bytes: number): number => Math.ceil((bytes * 4) / 3);
const lengthOf = (part: unknown): number => encodedLength(Buffer.byteLength(JSON.stringify(part)));

/** All that a token may get besides what was granted: by delegation as often as it goes, of a key and of a login. */
const widest: Omit<NewAccessTokenClaims, 'permissions'> = {
  iss: tokenIssuer,
  aud: tokenAudience,
  sub: uuid,
  sub_type: 'service_account',
  tenant_id: uuid,
  jti: uuid,
  iat: time,
  nbf: time,
  exp: time,
  inherits: true,
  act: Array.from({ length: maxActors - 1 }).reduce<{ sub: string }>((act) => ({ sub: uuid, act }), { sub: uuid }),
  ancestors: Array.from({ length: maxAncestors }, () => uuid),
  key_id: uuid,
  login_id: uuid,
  limits: { requests_per_minute: time, tokens_per_minute: time, concurrent_streams: time },
};

/** What a token says that somebody granted, and may be long. */
export type Granted = Pick<NewAccessTokenClaims, 'permissions' | 'models'>;

/** Of the longest token that can ever say this. */
export const longestTokenBytes = ({ permissions, models }: Granted): number =>
  lengthOf({ alg: 'ES256', typ: 'JWT', kid }) +
  lengthOf({ ...widest, permissions, models }) +
  encodedLength(signatureBytes) +
  '..'.length;
