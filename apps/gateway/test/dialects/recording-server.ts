import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Recorded {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: unknown;
}

export interface RecordingServer {
  readonly url: string;
  /** The request that came last. */
  readonly last: () => Recorded;
  /** What is answered from now on, streams included. */
  answer(body: string, type?: string): void;
  close(): Promise<void>;
}

/** A provider that writes down what it is asked and answers what it is told to. */
export async function recordingServer(): Promise<RecordingServer> {
  let recorded: Recorded | undefined;
  let reply = { body: '{}', type: 'application/json' };
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const text = Buffer.concat(chunks).toString();
      recorded = { path: request.url ?? '', headers: request.headers, body: JSON.parse(text) as unknown };
      response.writeHead(200, { 'content-type': reply.type }).end(reply.body);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    last() {
      if (!recorded) throw new Error('nothing was asked');
      return recorded;
    },
    answer: (body, type = 'application/json') => (reply = { body, type }),
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
