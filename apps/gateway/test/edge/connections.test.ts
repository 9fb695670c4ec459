import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { WebSocket, WebSocketServer } from 'ws';
import { ask } from './ask.js';
import { startEdge, type TestEdge } from './fixture.js';
import { makeToken } from './tokens.js';

let edge: TestEdge;
const bearer = { authorization: `Bearer ${makeToken()}` };

beforeEach(async () => {
  edge = await startEdge();
});
afterEach(() => edge.stop());

/** The answer to a request written by hand. */
function send(head: string): Promise<string> {
  const socket = connect(Number(new URL(edge.url).port), '127.0.0.1');
  socket.write(head);
  return text(socket);
}

describe('a WebSocket', () => {
  const socketUrl = () => `${edge.url.replace('http', 'ws')}/v1/analytics/live`;

  it('is passed on with the internal token, both ways', async () => {
    const server = new WebSocketServer({ server: edge.analytics.server });
    server.on('connection', (socket, request) => {
      socket.send(String(request.headers.authorization));
      socket.on('message', (data: Buffer) => socket.send(`echo ${data.toString()}`));
    });
    const client = new WebSocket(socketUrl(), { headers: bearer });
    const said: string[] = [];
    client.on('message', (data: Buffer) => {
      said.push(data.toString());
      if (said.length === 1) client.send('hello');
      else client.close();
    });

    await once(client, 'close');

    expect(said).toEqual([bearer.authorization, 'echo hello']);
  });

  it('is refused without a credential as any request is', async () => {
    const client = new WebSocket(socketUrl());
    const [, response] = (await once(client, 'unexpected-response')) as [
      unknown,
      NodeJS.ReadableStream & { statusCode: number },
    ];

    expect(response.statusCode).toBe(401);
    expect(JSON.parse(await text(response))).toMatchObject({ code: 'request.unauthenticated' });
  });

  it('that is reset before it is answered leaves the edge standing', async () => {
    for (let i = 0; i < 50; i += 1) {
      const socket = connect(Number(new URL(edge.url).port), '127.0.0.1');
      await once(socket, 'connect');
      socket.write(
        'GET /v1/analytics/live HTTP/1.1\r\nhost: x\r\nauthorization: Bearer nonsense\r\n' +
          'connection: upgrade\r\nupgrade: websocket\r\n\r\n',
        () => socket.resetAndDestroy(),
      );
      await once(socket, 'close');
    }

    expect((await ask(edge.url, '/health')).status).toBe(200);
  });

  it('where nothing takes one is an ordinary request', async () => {
    const upgrade = { connection: 'upgrade', upgrade: 'websocket' };

    expect((await ask(edge.url, '/v1/models', { headers: { ...bearer, ...upgrade } })).json()).toEqual({
      served_by: 'gateway',
    });
    expect((await ask(edge.url, '/nothing', { headers: upgrade })).status).toBe(404);
    expect((await ask(edge.url, '/health', { headers: { connection: 'upgrade', upgrade: 'h2c' } })).status).toBe(200);
  });
});

describe('a connection', () => {
  it('with a head over 16 KB is refused', async () => {
    const answer = await send(`GET /health HTTP/1.1\r\nhost: x\r\nx-long: ${'a'.repeat(17_000)}\r\n\r\n`);

    expectProblem(answer, 413, 'request.too_large');
    expect(edge.local).toEqual([]);
  });

  it.each([
    ['without a host', 'GET /health HTTP/1.1\r\nconnection: close\r\n\r\n'],
    ['with two lengths', 'POST /health HTTP/1.1\r\nhost: x\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nxx'],
    ['that speaks something else', 'EHLO mail.example\r\n\r\n'],
  ])('%s is refused, in problem+json', async (_, head) => {
    expectProblem(await send(head), 400, 'request.invalid');
    expect(edge.local).toEqual([]);
  });

  it('of a client that is still sending gets the refusal, not a reset', async () => {
    const { status } = await ask(edge.url, '/v1/chat/completions', { method: 'POST', body: 'x'.repeat(8_000_000) });

    expect(status).toBe(401);
  });

  it('in use when the gateway drains gets its answer whole, and new ones are turned away', async () => {
    let finish = (): void => undefined;
    const begun = new Promise<void>((resolve) => {
      edge.analytics.answer = (_, res) => {
        res.write('first half, ');
        finish = () => res.end('second half');
        resolve();
      };
    });
    const answer = ask(edge.url, '/v1/analytics/usage', { headers: bearer });
    await begun;

    const stopped = edge.stop();
    await expect(refusedConnection(edge.url)).resolves.toBe('ECONNREFUSED');
    finish();

    expect((await answer).text).toBe('first half, second half');
    await stopped;
  });
});

function expectProblem(answer: string, status: number, code: string) {
  const [head = '', body = ''] = answer.split('\r\n\r\n');
  expect(head).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
  expect(head.toLowerCase()).toContain('content-type: application/problem+json');
  expect(JSON.parse(body)).toMatchObject({ status, code });
}

/** The error that a new connection meets, as soon as there is one. */
async function refusedConnection(url: string): Promise<string> {
  for (;;) {
    try {
      await ask(url, '/health');
    } catch (error) {
      return (error as NodeJS.ErrnoException).code ?? '';
    }
  }
}
