import { once } from 'node:events';
import { createServer, STATUS_CODES, type IncomingMessage } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { eventually } from '@parley/testing';
import { WebSocket, WebSocketServer } from 'ws';
import { assemble, deadAddress, listening, Open } from './assembly.js';

/** Real: `ws` at both ends, the edge's server and all connections between them. */
describe('ServiceProxy.upgrade', () => {
  const open = new Open();
  afterEach(() => open.close());

  async function newEdge(urls: readonly string[]) {
    const { proxy, drain } = await assemble(open, urls);
    const { server, port } = await listening(open, (_request, response) => void response.end());
    server.on('upgrade', (request, socket, head) => {
      void proxy.upgrade('auth', request, socket, head, {
        headers: { authorization: 'Bearer internal' },
        onError: (error, to) => to.end(`HTTP/1.1 ${error.status} ${STATUS_CODES[error.status] ?? ''}\r\n\r\n`),
      });
    });
    return { port, url: `ws://127.0.0.1:${port}/v1/live?since=1`, drain };
  }

  async function echo() {
    const { server, url } = await listening(open, (_request, response) => void response.end());
    const upgraded: IncomingMessage[] = [];
    const sockets = new WebSocketServer({ server, handleProtocols: () => 'parley.v1' });
    sockets.on('connection', (socket, request) => {
      upgraded.push(request);
      socket.on('message', (data, binary) => socket.send(data, { binary }));
      socket.on('error', () => undefined);
    });
    open.add(() => sockets.clients.forEach((socket) => socket.terminate()));
    return { url, sockets, upgraded };
  }

  function newSocket(url: string) {
    const socket = new WebSocket(url, 'parley.v1');
    socket.on('error', () => undefined);
    open.add(() => socket.terminate());
    return socket;
  }

  it('carries messages both ways, large ones included', async () => {
    const { url, upgraded } = await echo();
    const socket = newSocket((await newEdge([url])).url);
    await once(socket, 'open');
    expect(socket.protocol).toBe('parley.v1');
    expect(upgraded[0]).toMatchObject({ url: '/v1/live?since=1' });
    expect(upgraded[0]?.headers).toMatchObject({ authorization: 'Bearer internal', 'x-forwarded-for': '127.0.0.1' });
    for (const message of [Buffer.from('hello'), Buffer.alloc(1024 * 1024, 7)]) {
      socket.send(message);
      const [echoed] = (await once(socket, 'message')) as [Buffer];
      expect(echoed.equals(message)).toBe(true);
    }
  });

  it('ends one side when the other ends', async () => {
    const { url, sockets } = await echo();
    const edge = await newEdge([url]);
    const leaving = newSocket(edge.url);
    await once(leaving, 'open');
    leaving.close(4_001, 'done');
    await once(leaving, 'close');
    await eventually(() => expect(sockets.clients.size).toBe(0));

    const left = newSocket(edge.url);
    await once(left, 'open');
    for (const socket of sockets.clients) socket.terminate();
    await once(left, 'close');
  });

  it('ends when the process drains', async () => {
    const { url, sockets } = await echo();
    const edge = await newEdge([url]);
    const socket = newSocket(edge.url);
    await once(socket, 'open');
    await Promise.all([once(socket, 'close'), edge.drain()]);
    await eventually(() => expect(sockets.clients.size).toBe(0));
  });

  it('passes on a refusal, and no further request after it', async () => {
    const served = jest.fn();
    const upstream = createServer(served);
    upstream.on('upgrade', (_request, socket) => {
      socket.write('HTTP/1.1 401 Unauthorized\r\ncontent-length: 4\r\nx-why: token\r\n\r\nnope');
    });
    upstream.listen(0, '127.0.0.1');
    await once(upstream, 'listening');
    open.add(() => (upstream.closeAllConnections(), upstream.close()));
    const { port } = await newEdge([`http://127.0.0.1:${(upstream.address() as AddressInfo).port}`]);

    const client = connect(port, '127.0.0.1');
    open.add(() => client.destroy());
    const answered: Buffer[] = [];
    client.on('data', (chunk) => answered.push(chunk));
    client.write(
      'GET /v1/live HTTP/1.1\r\nhost: x\r\nconnection: Upgrade\r\nupgrade: websocket\r\n\r\n' +
        'GET /internal/secrets HTTP/1.1\r\nhost: x\r\n\r\n',
    );
    await once(client, 'close');
    const text = Buffer.concat(answered).toString();
    expect(text).toMatch(/^HTTP\/1\.1 401 Unauthorized\r\n/);
    expect(text).toMatch(/x-why: token\r\n/);
    expect(text).toMatch(/connection: close\r\n\r\nnope$/);
    expect(served).not.toHaveBeenCalled();
  });

  it('asks another instance when one does not listen, and answers 503 when none does', async () => {
    const { url } = await echo();
    const socket = newSocket((await newEdge([await deadAddress(open), url])).url);
    await once(socket, 'open');

    const refused = newSocket((await newEdge([await deadAddress(open)])).url);
    const [, response] = (await once(refused, 'unexpected-response')) as [unknown, IncomingMessage];
    expect(response.statusCode).toBe(503);
  });
});
