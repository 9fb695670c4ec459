import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** An address in front of a server, through which a test makes the server's outages without stopping it for others. */
export interface Severable {
  /** The server's address, through here. */
  readonly url: string;
  /** Breaks every connection and refuses new ones, as a server that is down. */
  cut(): Promise<void>;
  /** Keeps connections open, takes new ones, and lets no byte through, as a server that hangs. */
  hang(): void;
  /** Lets everything through again, on the same port. */
  restore(): Promise<void>;
  close(): Promise<void>;
}

/** Puts a severable address before the server at `url` (any protocol over TCP with a port in its address). */
export async function severable(url: string): Promise<Severable> {
  const target = new URL(url);
  const pairs = new Set<readonly [Socket, Socket]>();
  let hanging = false;

  const server = createServer((client) => {
    const upstream = connect(Number(target.port), target.hostname);
    const pair = [client, upstream] as const;
    pairs.add(pair);
    const end = () => {
      pairs.delete(pair);
      for (const socket of pair) socket.destroy();
    };
    for (const socket of pair) socket.setNoDelay(true).on('error', end).on('close', end);
    join(client, upstream);
    if (hanging) for (const socket of pair) socket.pause();
  });
  const listen = async (port: number) => {
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
  };
  await listen(0);
  const { port } = server.address() as AddressInfo;

  const cut = async () => {
    const closed = server.listening ? once(server, 'close') : undefined;
    server.close();
    for (const pair of pairs) for (const socket of pair) socket.resetAndDestroy();
    await closed;
  };
  const through = new URL(url);
  through.hostname = '127.0.0.1';
  through.port = String(port);
  return {
    url: through.href,
    cut,
    hang: () => {
      hanging = true;
      for (const pair of pairs) for (const socket of pair) socket.pause();
    },
    restore: async () => {
      hanging = false;
      for (const pair of pairs) for (const socket of pair) socket.resume();
      if (!server.listening) await listen(port);
    },
    close: cut,
  };
}

function join(one: Socket, other: Socket): void {
  one.pipe(other);
  other.pipe(one);
}
