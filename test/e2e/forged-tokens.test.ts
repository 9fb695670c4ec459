import { createHmac } from 'node:crypto';
import { connect } from 'node:net';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { claimsOf, TokenIssuer, type TokenParts } from '@parley/testing';
import { call, demoKey, login, newKey, url } from './platform.js';
import { stealSigningKey } from './signing-key.js';

/** A route of each service, asked through the edge. */
const routes = [
  '/v1/models',
  '/v1/auth/me',
  '/v1/sessions',
  '/v1/experts',
  '/v1/mcp/servers',
  '/v1/analytics/usage',
] as const;

let real: TokenIssuer;
let issued: string;
/** The claims of a token that the platform issued a moment ago. */
let good: Record<string, unknown>;
const stranger = new TokenIssuer('stranger', Date.now);

beforeAll(async () => {
  const { keyId, privateKey } = await stealSigningKey();
  real = new TokenIssuer(keyId, Date.now, privateKey);
  issued = (await login()).access_token;
  good = claimsOf(issued);
});

const forged = (parts: TokenParts = {}) => real.token({ ...parts, claims: { ...good, ...parts.claims } });
const unsigned = (header: Record<string, unknown> = {}) => real.unsigned({ header, claims: good });
const hmac = (text: string, secret: string | Buffer) =>
  `${text}.${createHmac('sha256', secret).update(text).digest('base64url')}`;
const pem = () => real.publicKey.export({ type: 'spki', format: 'pem' });
const now = () => Math.floor(Date.now() / 1_000);
const strangers = (header: Record<string, unknown>) =>
  stranger.token({ header: { kid: real.keyId, ...header }, claims: good });

/** What it is: how it is made, and the code that refuses it. */
const attacks: Readonly<Record<string, () => string>> = {
  'alg none without a signature': () => `${unsigned({ alg: 'none' })}.`,
  'alg none with a signature': () => forged({ header: { alg: 'none' } }),
  'HS256 keyed with the public key as PEM': () => hmac(unsigned({ alg: 'HS256' }), pem()),
  'HS256 keyed with the public key as JWK': () => hmac(unsigned({ alg: 'HS256' }), JSON.stringify(real.jwks.keys[0])),
  'an HMAC under a header that says ES256': () => hmac(unsigned(), pem()),
  'a stranger’s signature under our key id': () => strangers({}),
  'a stranger’s key brought along as jwk': () => strangers({ jwk: stranger.jwks.keys[0] }),
  'a stranger’s key pointed to by jku': () => strangers({ jku: `${url}/evil-jwks.json` }),
  'a stranger’s key pointed to by x5u': () => strangers({ x5u: `${url}/evil.pem` }),
  'a key id that is a path': () => forged({ header: { kid: '../../../../dev/null' } }),
  'a key id that is SQL': () => forged({ header: { kid: "x' or '1'='1" } }),
  'no key id': () => forged({ header: { kid: undefined } }),
  'a token of another environment': () => stranger.token({ claims: good }),
  'issuer and audience swapped': () => forged({ claims: { iss: 'parley', aud: 'parley-auth' } }),
  'another issuer': () => forged({ claims: { iss: 'https://evil.example' } }),
  'another audience': () => forged({ claims: { aud: 'other' } }),
  'a token that is not valid yet': () => forged({ claims: { nbf: now() + 60 } }),
  'a token without an expiry': () => forged({ claims: { exp: undefined } }),
  'a truncated token': () => issued.slice(0, -10),
  'a token without its signature': () => issued.slice(0, issued.lastIndexOf('.') + 1),
  'a signature of zeros': () => `${unsigned()}.${Buffer.alloc(64).toString('base64url')}`,
  'a DER signature': () => real.token({ claims: good }, 'der'),
  'claims raised under the old signature': () => {
    const raised = real.unsigned({ claims: { ...good, tenant_id: crypto.randomUUID() } });
    return `${raised}.${issued.split('.')[2] ?? ''}`;
  },
};

describe('what is forged', () => {
  it('is measured against a token that is made the same way and is good', async () => {
    for (const path of routes) {
      const answer = await call('GET', path, { key: forged() });
      expect({ path, status: answer.status }).toEqual({ path, status: 200 });
    }
  });

  it.each(Object.keys(attacks))('opens no service’s route: %s', async (name) => {
    const token = attacks[name]?.() ?? '';
    for (const path of routes) {
      const answer = await call('GET', path, { key: token });
      expect({ path, status: answer.status }).toEqual({ path, status: 401 });
    }
  });

  it('with the right key is refused as expired once it has expired', async () => {
    const answer = await call('GET', '/v1/auth/me', { key: forged({ claims: { exp: now() - 60 } }) });
    expect([answer.status, answer.json()['code']]).toEqual([401, 'credential.expired']);
  });
});

describe('a credential in the wrong place', () => {
  it('is refused: a refresh token as access token, and the reverse', async () => {
    const { access_token, refresh_token } = await login();
    expect((await call('GET', '/v1/auth/me', { key: refresh_token })).status).toBe(401);
    const reverse = await call('POST', '/v1/auth/refresh', { body: { refresh_token: access_token } });
    expect([reverse.status, reverse.json()['code']]).toEqual([401, 'refresh_token.invalid']);
  });

  it('is refused: two Authorization headers, even of two good credentials', async () => {
    const status = await statusOf([`Authorization: Bearer ${demoKey}`, `Authorization: Bearer ${issued}`]);
    expect(status).toBe(401);
    expect(await statusOf([`Authorization: Bearer ${demoKey}`, `x-api-key: ${demoKey}`])).toBe(401);
    expect(await statusOf([`Authorization: Bearer ${demoKey}`])).toBe(200);
  });

  it('is not outweighed by headers that claim an identity', async () => {
    const { key } = await newKey({ permissions: ['models:read'] });
    const claimed = {
      'x-tenant-id': String(good['tenant_id']),
      'x-user-id': String(good['sub']),
      'x-consumer-username': 'owner',
      'x-credential-identifier': 'owner',
      'x-authenticated-scope': 'usage:read',
      'x-forwarded-authorization': `Bearer ${issued}`,
    };
    expect((await call('GET', '/v1/analytics/usage', { key, headers: claimed })).status).toBe(403);
    expect((await call('GET', '/v1/analytics/usage', { headers: claimed })).status).toBe(401);
  });
});

/** The status of a request with just these headers, as fetch would join or refuse them. */
async function statusOf(headers: readonly string[]): Promise<number> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  socket.write([`GET /v1/auth/me HTTP/1.1`, `Host: ${hostname}`, 'Connection: close', ...headers, '', ''].join('\r\n'));
  let text = '';
  for await (const chunk of socket) text += String(chunk);
  return Number(/^HTTP\/1\.1 (\d{3})/.exec(text)?.[1]);
}
