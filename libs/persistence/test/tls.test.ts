// Real: PostgreSQL, and TLS as PostgreSQL negotiates it. The TLS end is this test's own, in front of the server.
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server } from 'node:net';
import { TLSSocket } from 'node:tls';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { testCertificate, type TestDatabase } from '@parley/testing';
import { notesDatabase, ours } from './notes.js';
import { openRoles } from './open-roles.js';

let testDb: TestDatabase;
let server: Server;
let urls: { appUrl: string; systemUrl: string };

beforeAll(async () => {
  testDb = await notesDatabase();
  server = await tlsBefore(testDb.appUrl);
  urls = { appUrl: through(testDb.appUrl), systemUrl: through(testDb.systemUrl) };
});
afterAll(async () => {
  server.close();
  await testDb.drop();
});

it('works over TLS with the private CA that DATABASE_CA names', async () => {
  const roles = await openRoles(urls, { DATABASE_CA: testCertificate.cert });

  expect(await roles.database.inTenant(ours, (tx) => tx.query('select 1 as one'))).toEqual([{ one: 1 }]);

  await roles.close();
});

it('refuses a server whose certificate no CA has signed', async () => {
  await expect(openRoles(urls, { DATABASE_TLS: 'verify' })).rejects.toMatchObject({
    code: 'DEPTH_ZERO_SELF_SIGNED_CERT',
  });
});

it('refuses a server whose certificate is for another name', async () => {
  const appUrl = urls.appUrl.replace('localhost', '127.0.0.1');
  await expect(openRoles({ ...urls, appUrl }, { DATABASE_CA: testCertificate.cert })).rejects.toMatchObject({
    code: 'ERR_TLS_CERT_ALTNAME_INVALID',
  });
});

function through(url: string): string {
  const other = new URL(url);
  other.hostname = 'localhost';
  other.port = String((server.address() as AddressInfo).port);
  return other.href;
}

/** Answers the SSLRequest with `S`, ends the TLS, and passes the rest on in the clear. */
async function tlsBefore(url: string): Promise<Server> {
  const target = new URL(url);
  const tls = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.once('data', () => {
      socket.write('S');
      const secure = new TLSSocket(socket, { isServer: true, ...testCertificate });
      const upstream = connect(Number(target.port), target.hostname);
      for (const end of [secure, upstream]) end.on('error', () => undefined);
      secure.pipe(upstream).pipe(secure);
    });
  });
  tls.listen(0, 'localhost');
  await once(tls, 'listening');
  return tls;
}
