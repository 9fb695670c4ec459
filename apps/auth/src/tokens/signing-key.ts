import { createHash, createPrivateKey, generateKeyPairSync, type JsonWebKey } from 'node:crypto';
import { JwtService } from '@nestjs/jwt';
import type { Jwks } from '@parley/contracts';
import type { KeyTimes } from './key-schedule.js';

export type PublicJwk = Jwks['keys'][number];

/** A key as it signs: its public half, and a signer that can do ES256 under its id and nothing else. */
export interface SigningKey extends KeyTimes {
  readonly publicJwk: PublicJwk;
  readonly signer: JwtService;
}

/** A new P-256 key pair; its id is the RFC 7638 thumbprint, so that no two keys share one. */
export function generateSigningKey(): { readonly publicJwk: PublicJwk; readonly privateJwk: JsonWebKey } {
  const privateJwk = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ format: 'jwk' });
  const { x = '', y = '' } = privateJwk;
  const thumbprint = createHash('sha256').update(JSON.stringify({ crv: 'P-256', kty: 'EC', x, y }));
  const kid = thumbprint.digest('base64url');
  return { privateJwk, publicJwk: { kty: 'EC', crv: 'P-256', x, y, kid, alg: 'ES256', use: 'sig' } };
}

export const toSigningKey = (publicJwk: PublicJwk, privateJwk: JsonWebKey, times: KeyTimes): SigningKey => ({
  ...times,
  publicJwk,
  signer: new JwtService({
    privateKey: createPrivateKey({ key: privateJwk, format: 'jwk' }),
    signOptions: { algorithm: 'ES256', keyid: publicJwk.kid },
  }),
});
