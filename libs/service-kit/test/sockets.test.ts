import { once } from 'node:events';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '@parley/testing';
import type { Service } from '../src/index.js';
import { startedThings } from './things/service.js';

// Real: the service's sockets. It needs no server.
let service: Service;
let lines: readonly unknown[];
beforeAll(async () => {
  ({ service, lines } = await startedThings());
});
const logged = (line: object) => eventually(() => expect(lines).toContainEqual(expect.objectContaining(line)));
afterAll(() => service.stop());

const megabyte = Buffer.alloc(1024 * 1024, ' ');

/** Sends all of a request before it reads a byte, as simple clients do, and then asks something else. */
async function sendAll(head: readonly string[], body: readonly (Buffer | string)[]): Promise<string> {
  const { hostname, port } = new URL(service.url);
  const socket = connect(Number(port), hostname);
  await once(socket, 'connect');
  socket.pause();
  const request = ['POST /things HTTP/1.1', 'host: things', 'content-type: application/json', ...head, '', ''];
  for (const chunk of [
    request.join('\r\n'),
    ...body,
    'GET /health/live HTTP/1.1\r\nhost: things\r\nconnection: close\r\n\r\n',
  ])
    if (!socket.write(chunk)) await once(socket, 'drain');
  let answer = '';
  for await (const chunk of socket) answer += String(chunk);
  return answer;
}

describe('a body that is far too large', () => {
  it.each([
    ['with a length', [`content-length: ${20 * megabyte.length}`], Array<Buffer>(20).fill(megabyte)],
    [
      'in chunks',
      ['transfer-encoding: chunked'],
      [
        ...Array<Buffer>(20).fill(Buffer.concat([Buffer.from('100000\r\n'), megabyte, Buffer.from('\r\n')])),
        '0\r\n\r\n',
      ],
    ],
  ])('%s is answered with a 413 rather than a reset, on a connection that goes on', async (_, head, body) => {
    const answer = await sendAll(head, body);
    expect(answer).toMatch(/^HTTP\/1\.1 413 /);
    expect(answer).toContain('"code":"request.too_large"');
    expect(answer).toContain('{"status":"ok"}');
  });
});

describe('what is not HTTP', () => {
  const answerTo = async (bytes: string) => {
    const { hostname, port } = new URL(service.url);
    const socket = connect(Number(port), hostname);
    socket.write(bytes);
    let answer = '';
    for await (const chunk of socket) answer += String(chunk);
    return answer;
  };

  it('is answered with a 400', async () => {
    expect(await answerTo('HELLO\r\n\r\n')).toMatch(/^HTTP\/1\.1 400 [^]*"code":"request.invalid"/);
  });

  it('is answered with a 413 where its headers are too large', async () => {
    const head = `GET / HTTP/1.1\r\nhost: things\r\nx: ${'x'.repeat(20_000)}\r\n\r\n`;
    expect(await answerTo(head)).toMatch(/^HTTP\/1\.1 413 [^]*over the limit of 16 KiB/);
  });
});

describe('a body that breaks off', () => {
  it('is not taken for a fault of the service', async () => {
    const { hostname, port } = new URL(service.url);
    const socket = connect(Number(port), hostname);
    const head = ['POST /things/small HTTP/1.1', 'host: things', 'content-type: application/json', 'content-length: 9'];
    socket.write([...head, 'expect: 100-continue', '', '{'].join('\r\n'));
    const [interim] = (await once(socket, 'data')) as [Buffer];
    expect(String(interim)).toMatch(/^HTTP\/1\.1 100 /);
    socket.destroy();
    await logged({ msg: 'request', endpoint: '/things/small', level: 'info', status: 499 });
  });
});

describe('an answer that is not complete', () => {
  it('is cut off where the rest is lost, rather than ended as if it were whole', async () => {
    const answer = fetch(`${service.url}/things/half`).then((response) => response.text());
    await expect(answer).rejects.toThrow('terminated');
    await logged({ msg: 'request', endpoint: '/things/half', status: 500, error: 'service.internal' });
  });

  it('is logged as 499 where the client has left', async () => {
    const client = new AbortController();
    const answer = fetch(`${service.url}/things/never`, { signal: client.signal });
    await logged({ msg: 'waiting' });
    client.abort();
    await expect(answer).rejects.toThrow('aborted');
    await logged({ msg: 'request', endpoint: '/things/never', status: 499 });
  });
});
