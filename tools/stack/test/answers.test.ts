import { expect, it } from '@jest/globals';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { untilServed } from '../answers.ts';
import { services } from '../services/table.ts';

// Fake: an edge that refuses the first two calls of each path, as while an instance is not found yet.
async function withEdge(run: (url: string, asked: ReadonlyMap<string, number>) => Promise<void>): Promise<void> {
  const asked = new Map<string, number>();
  const edge = createServer(({ url = '' }, response) => {
    const times = (asked.get(url) ?? 0) + 1;
    asked.set(url, times);
    response.writeHead(times > 2 ? 200 : 503).end();
  });
  edge.listen(0, '127.0.0.1');
  await once(edge, 'listening');
  try {
    await run(`http://127.0.0.1:${(edge.address() as AddressInfo).port}`, asked);
  } finally {
    edge.closeAllConnections();
    edge.close();
  }
}

it('a client is served once every service answers through the edge', () =>
  withEdge(async (url, asked) => {
    await untilServed(url, 'ply_x');

    expect([...asked.values()]).toEqual(Array(services.length + 1).fill(3));
  }));

it.each(services.map(({ name }) => name))('what follows a restart of %s waits for that service alone', (name) =>
  withEdge(async (url, asked) => {
    await untilServed(url, 'ply_x', name);

    expect([...asked]).toEqual([
      ['/health', 3],
      [expect.stringMatching(/^\/v1\//), 3],
    ]);
  }),
);
