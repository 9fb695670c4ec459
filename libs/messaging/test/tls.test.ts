// Real: RabbitMQ. The TLS end is this test's own, in front of the broker.
import { once } from 'node:events';
import { connect, type AddressInfo } from 'node:net';
import { createServer, type Server } from 'node:tls';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { createLog, silentLog } from '@parley/service-kit';
import { eventually, testAmqp, testCertificate, type TestAmqp } from '@parley/testing';
import { BrokerConnection } from '../src/broker/broker-connection.js';

let amqp: TestAmqp;
let server: Server;
let url: string;

beforeAll(async () => {
  amqp = await testAmqp();
  const plain = new URL(amqp.url);
  server = createServer(testCertificate, (socket) => {
    const upstream = connect(Number(plain.port), plain.hostname);
    for (const end of [socket, upstream]) end.on('error', () => undefined);
    socket.pipe(upstream).pipe(socket);
  });
  server.on('tlsClientError', () => undefined);
  server.listen(0, 'localhost');
  await once(server, 'listening');
  url = amqp.url.replace(/^amqp:/, 'amqps:').replace(plain.host, `localhost:${(server.address() as AddressInfo).port}`);
});
afterAll(async () => {
  server.close();
  await amqp.drop();
});

it('connects over TLS with the private CA that AMQP_CA names', async () => {
  const connection = new BrokerConnection({ AMQP_URL: url, AMQP_CA: testCertificate.cert }, 'tls', silentLog);
  await connection.open();
  await eventually(() => expect(connection.problem).toBeUndefined());
  await connection.close();
});

it('refuses a broker whose certificate no CA has signed, and says so once', async () => {
  const lines: string[] = [];
  const log = createLog({ level: 'warn', base: {}, destination: { write: (line) => lines.push(line) } });
  const connection = new BrokerConnection({ AMQP_URL: url }, 'tls', log);
  const failures: unknown[] = [];
  connection.on('down', () => failures.push(1));
  await connection.open();
  await eventually(() => expect(failures.length).toBeGreaterThan(2));
  await connection.close();

  expect(lines).toHaveLength(1);
  expect(lines[0]).toContain('self-signed certificate');
});
