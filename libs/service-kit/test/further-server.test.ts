import { once } from 'node:events';
import { Agent, createServer, request, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { expect, it } from '@jest/globals';
import { eventually } from '@parley/testing';
import { HttpServers, type Service } from '../src/index.js';
import { startedThings } from './things/service.js';

// Real: two servers in this process, as the gateway has them with its embedded edge. They need no other server.

async function startedWithEdge() {
  let edge: Server | undefined;
  const held: (() => void)[] = [];
  const beforeListen = async ({ app, handle }: Service) => {
    edge = createServer((incoming, response) => {
      if (incoming.url === '/held') held.push(() => response.end('held'));
      else handle(incoming, response);
    });
    app.get(HttpServers).add(edge);
    edge.listen(0, '127.0.0.1');
    await once(edge, 'listening');
  };
  const { service, lines } = await startedThings({}, { beforeListen });
  const url = `http://127.0.0.1:${(edge?.address() as AddressInfo).port}`;
  return { service, lines, url, held };
}

const agent = new Agent({ keepAlive: true });
const ask = (url: string) =>
  new Promise<{ response: IncomingMessage; body: string }>((resolve, reject) => {
    request(url, { agent }, (response) => void text(response).then((body) => resolve({ response, body })))
      .on('error', reject)
      .end();
  });

it('a service answers what another server of its process has received', async () => {
  const { service, url, lines } = await startedWithEdge();
  const { response, body } = await ask(`${url}/things?limit=5`);
  expect([response.statusCode, body]).toEqual([200, '{"limit":5}']);
  const id = response.headers['x-request-id'];
  await eventually(() => expect(lines).toContainEqual(expect.objectContaining({ msg: 'request', request_id: id })));
  await service.stop();
});

it('the drain waits for what is in flight on every server, and closes them all', async () => {
  const { service, url, held } = await startedWithEdge();
  const inFlight = ask(`${url}/held`);
  const [release] = await eventually(() => {
    expect(held).toHaveLength(1);
    return held;
  });
  let stopped = false;
  const stopping = service.stop().then(() => (stopped = true));
  await eventually(() => expect(ask(`${url}/things`)).rejects.toThrow('ECONNREFUSED'));
  expect(stopped).toBe(false);
  release?.();
  const { response, body } = await inFlight;
  expect([body, response.headers.connection]).toEqual(['held', 'close']);
  await stopping;
  await expect(ask(`${url}/things`)).rejects.toThrow('ECONNREFUSED');
});

it('the connections of every server are counted', async () => {
  const { service, url } = await startedWithEdge();
  await Promise.all([ask(`${url}/things`), ask(`${service.url}/things`)]);
  const { body } = await service.fastify.inject('/metrics');
  expect(body).toContain('active_connections{service="things"} 2\n');
  await service.stop();
});
