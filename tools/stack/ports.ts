import { createServer } from 'node:net';
import { randomInt } from 'node:crypto';
import { StackFailure } from './failure.ts';

/** Every port the servers listen on, all on the loopback address. */
export const serverPorts = {
  postgres: 5442,
  redis: 6389,
  rabbitmq: 5682,
  rabbitmqDistribution: 5683,
  epmd: 5684,
  consul: 8510,
  consulRaft: 8511,
  consulGossip: 8512,
} as const;
export type ServerPorts = Readonly<Record<keyof typeof serverPorts, number>>;

/**
 * Below the range that Linux gives to outgoing connections (32768 and up), so that a part which stops for a while
 * finds its port free when it comes back.
 */
const freeRange = [12_000, 32_000] as const;

const given = new Set<number>();

/** A port nobody listens on, never the same twice in one process. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(...freeRange);
    if (given.has(port) || !(await isFree(port))) continue;
    given.add(port);
    return port;
  }
}

/** A free port for each server. */
export async function freeServerPorts(): Promise<ServerPorts> {
  const entries = Object.keys(serverPorts).map(async (name) => [name, await freePort()] as const);
  return Object.fromEntries(await Promise.all(entries)) as ServerPorts;
}

/** @throws StackFailure with the sentence for a port that somebody else listens on. */
export async function demandFree(port: number, title: string): Promise<void> {
  if (await isFree(port)) return;
  throw new StackFailure(
    `Port ${port}, which ${title} needs, is taken: stop what listens there, or choose other ports with PARLEY_PORT=8100 PARLEY_PORT_BASE=7000.`,
  );
}

/** True when nobody listens on the port at the loopback address. */
export function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => server.close(() => resolve(true)));
  });
}
