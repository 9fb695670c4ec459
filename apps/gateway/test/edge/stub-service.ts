import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Seen {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
}

/** A real HTTP server that stands in for a service: it records what reaches it. */
export interface StubService {
  readonly url: string;
  readonly server: Server;
  readonly seen: Seen[];
  /** How it answers; to be replaced at will. */
  answer: RequestListener;
  stop(): Promise<void>;
}

export async function startStub(answer: RequestListener): Promise<StubService> {
  const server = createServer((req, res) => {
    stub.seen.push({ method: req.method ?? '', url: req.url ?? '', headers: req.headers });
    stub.answer(req, res);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const stub: StubService = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    server,
    seen: [],
    answer,
    stop: async () => {
      if (!server.listening) return;
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
  return stub;
}

export const json =
  (status: number, body: object): RequestListener =>
  (_, res) => {
    const type = status < 400 ? 'application/json' : 'application/problem+json';
    res.writeHead(status, { 'content-type': type }).end(JSON.stringify(body));
  };
