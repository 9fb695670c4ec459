import { once } from 'node:events';
import { connect, createServer, type AddressInfo } from 'node:net';

/** An address before a server that counts round trips: how often the client spoke after it had heard an answer. */
export interface Turns {
  readonly url: string;
  count(): number;
  close(): void;
}

/** Answers are held back this long, so that what the client sends without waiting for them counts as one turn. */
const delayMs = 15;

export async function countTurns(serverUrl: string): Promise<Turns> {
  const target = new URL(serverUrl);
  let turns = 0;
  let heard = true;
  const server = createServer((client) => {
    const upstream = connect(Number(target.port), target.hostname);
    for (const socket of [client, upstream]) socket.setNoDelay(true).on('error', () => undefined);
    client.on('data', (chunk) => {
      if (heard) turns += 1;
      heard = false;
      upstream.write(chunk);
    });
    upstream.on('data', (chunk) =>
      setTimeout(() => {
        heard = true;
        client.write(chunk);
      }, delayMs),
    );
    client.on('close', () => upstream.destroy());
    upstream.on('close', () => client.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const through = new URL(serverUrl);
  through.hostname = '127.0.0.1';
  through.port = String((server.address() as AddressInfo).port);
  return { url: through.href, count: () => turns, close: () => void server.close() };
}
