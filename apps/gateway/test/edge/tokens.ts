import { createHmac } from 'node:crypto';
import { TokenIssuer } from '@parley/testing';
import { decisions, type TokenCase } from './decisions.js';

const now = (): number => decisions.now * 1_000;
const ours = new TokenIssuer('2026-01', now);
const stranger = new TokenIssuer('2026-01', now);

/** What the auth service publishes. */
export const { jwks } = ours;

const signers = {
  ours: (text: string) => ours.sign(text),
  stranger: (text: string) => stranger.sign(text),
  nobody: () => Buffer.from([0]).toString('base64url'),
  'our public key as a secret': (text: string) =>
    createHmac('sha256', ours.publicKey.export({ format: 'pem', type: 'spki' }))
      .update(text)
      .digest('base64url'),
};

/** In the cases, null takes a field away. */
const changed = (changes: object = {}): Record<string, unknown> =>
  Object.fromEntries(Object.entries(changes).map(([name, value]: [string, unknown]) => [name, value ?? undefined]));

/** A token as a case of decisions.json describes it; without a description, one of ours that holds. */
export function makeToken(described: Omit<TokenCase, 'name'> = {}): string {
  if (described.token !== undefined) return described.token;
  const unsigned = (claims?: object): string =>
    ours.unsigned({ header: changed(described.header), claims: { ...decisions.claims, ...changed(claims) } });
  const signed = unsigned(described.claims);
  const signature = signers[described.signer ?? 'ours'](signed);
  return `${described.tampered ? unsigned(described.tampered) : signed}.${signature}`;
}
