import { createHmac, generateKeyPairSync, sign } from 'node:crypto';
import type { Jwks } from '@parley/contracts';
import { decisions, type TokenCase } from './decisions.js';

const kid = '2026-01';
const ours = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const stranger = generateKeyPairSync('ec', { namedCurve: 'P-256' });

const { x = '', y = '' } = ours.publicKey.export({ format: 'jwk' });
/** What the auth service publishes. */
export const jwks: Jwks = { keys: [{ kty: 'EC', crv: 'P-256', x, y, kid, alg: 'ES256', use: 'sig' }] };

const es256 = (key: typeof ours) => (text: string) =>
  sign('sha256', Buffer.from(text), { key: key.privateKey, dsaEncoding: 'ieee-p1363' });

const signers = {
  ours: es256(ours),
  stranger: es256(stranger),
  nobody: () => Buffer.from([0]),
  'our public key as a secret': (text: string) =>
    createHmac('sha256', ours.publicKey.export({ format: 'pem', type: 'spki' }))
      .update(text)
      .digest(),
};

function segment(base: object, changes: object = {}): string {
  const kept = Object.entries({ ...base, ...changes }).filter(([, value]) => value !== null);
  return Buffer.from(JSON.stringify(Object.fromEntries(kept))).toString('base64url');
}

/** A token as a case of decisions.json describes it; without a description, one of ours that holds. */
export function makeToken(described: Omit<TokenCase, 'name'> = {}): string {
  if (described.token !== undefined) return described.token;
  const header = segment({ alg: 'ES256', typ: 'JWT', kid }, described.header);
  const signed = `${header}.${segment(decisions.claims, described.claims)}`;
  const signature = signers[described.signer ?? 'ours'](signed).toString('base64url');
  const sent = described.tampered ? `${header}.${segment(decisions.claims, described.tampered)}` : signed;
  return `${sent}.${signature}`;
}
