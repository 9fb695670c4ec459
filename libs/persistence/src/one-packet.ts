import type { Duplex } from 'node:stream';
import type pg from 'pg';

const held = new WeakSet<Duplex>();

/**
 * What is sent on this connection from here on, until all that is ready to run has run, leaves as one packet: begin, scope
 * and statements are one system call and wake the server once.
 */
export function inOnePacket(client: pg.ClientBase): void {
  const { stream } = Reflect.get(client, 'connection') as { readonly stream: Duplex };
  if (held.has(stream)) return;
  held.add(stream);
  stream.cork();
  process.nextTick(() => {
    held.delete(stream);
    stream.uncork();
  });
}
