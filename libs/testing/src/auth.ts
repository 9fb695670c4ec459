import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { TokenIssuer } from './token-issuer.js';

/** Stands in for the auth service towards one other service: it publishes its keys and signs whatever it is told. */
export interface TestAuth {
  /** For PARLEY_ADDRESSES. */
  readonly url: string;
  /** A token that every service takes, for a minute; `claims` replaces single ones. */
  token(claims?: Readonly<Record<string, unknown>>): string;
  close(): Promise<void>;
}

/** Starts it. A test of a whole service has one already: see `testService`. */
export async function testAuth(): Promise<TestAuth> {
  const issuer = new TokenIssuer('test', Date.now);
  const server = createServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(issuer.jwks));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    token: (claims) => issuer.token({ claims }),
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
