import { generateKeyPairSync, randomUUID, sign } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Stands in for the auth service towards one other service: it publishes its keys and signs whatever it is told. */
export interface TestAuth {
  /** For PARLEY_ADDRESSES. */
  readonly url: string;
  /** A token that every service takes, for a minute; `claims` replaces single ones. */
  token(claims?: Readonly<Record<string, unknown>>): string;
  close(): Promise<void>;
}

const keyId = 'test';
const segment = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

export async function testAuth(): Promise<TestAuth> {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const { x, y } = publicKey.export({ format: 'jwk' });
  const jwks = JSON.stringify({ keys: [{ kty: 'EC', crv: 'P-256', x, y, kid: keyId, alg: 'ES256', use: 'sig' }] });
  const server = createServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'application/json' }).end(jwks);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    token: (claims = {}) => {
      const now = Math.floor(Date.now() / 1_000);
      const all = {
        iss: 'parley-auth',
        aud: 'parley',
        sub: randomUUID(),
        tenant_id: randomUUID(),
        jti: randomUUID(),
        iat: now,
        nbf: now,
        exp: now + 60,
        permissions: [],
        ...claims,
      };
      const text = `${segment({ alg: 'ES256', typ: 'JWT', kid: keyId })}.${segment(all)}`;
      const signature = sign('sha256', Buffer.from(text), { key: privateKey, dsaEncoding: 'ieee-p1363' });
      return `${text}.${signature.toString('base64url')}`;
    },
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
