import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Test } from '@nestjs/testing';
import { Directory, DiscoveryModule } from '@parley/discovery';
import { CircuitBreakers, KitModule, Metrics, Shutdown } from '@parley/service-kit';
import { HttpJwksSource, ServiceClient, ServiceClientModule, ServiceProxy } from '../src/index.js';

/** Everything that a test opened, closed after it in reverse order. */
export class Open {
  private readonly closers: (() => unknown)[] = [];

  add(close: () => unknown): void {
    this.closers.push(close);
  }

  async close(): Promise<void> {
    for (const close of this.closers.splice(0).reverse()) await close();
  }
}

export interface Listening {
  readonly server: Server;
  readonly url: string;
  readonly port: number;
  /** Ends at once, with every connection. */
  readonly die: () => void;
}

/** A real HTTP server on a free port. */
export async function listening(open: Open, handler: RequestListener): Promise<Listening> {
  const server = createServer(handler);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const die = (): void => {
    server.closeAllConnections();
    server.close();
  };
  open.add(die);
  return { server, url: `http://127.0.0.1:${port}`, port, die };
}

/** An address at which nobody listens. */
export async function deadAddress(open: Open): Promise<string> {
  const { url, server, die } = await listening(open, () => undefined);
  die();
  await once(server, 'close');
  return url;
}

interface Settings {
  readonly timeoutMs?: number;
  readonly connections?: number;
  readonly trustedProxies?: string[];
}

/** The module as an app assembles it, with configured addresses of the service `auth`. */
export async function assemble(open: Open, urls: readonly string[], settings: Settings = {}) {
  const PARLEY_ADDRESSES = urls.map((url) => ({ service: 'auth', url }));
  const { timeoutMs = 5_000, connections = 50, trustedProxies = [] } = settings;
  const config = {
    SERVICE_TIMEOUT_MS: timeoutMs,
    SERVICE_CONNECTIONS: connections,
    PARLEY_TRUSTED_PROXIES: trustedProxies,
  };
  const module = await Test.createTestingModule({
    imports: [
      KitModule.forRoot(),
      DiscoveryModule.forRoot({ service: 'test', config: { PARLEY_ADDRESSES, PARLEY_ADVERTISE_HOST: '127.0.0.1' } }),
      ServiceClientModule.forRoot({ config }),
    ],
  }).compile();
  await module.init();
  const drain = () => module.get(Shutdown).run({ announceMs: 0, intakeMs: 1_000 });
  open.add(drain);
  return {
    client: module.get(ServiceClient),
    proxy: module.get(ServiceProxy),
    jwks: module.get(HttpJwksSource),
    metrics: module.get(Metrics),
    directory: module.get(Directory),
    breakers: module.get(CircuitBreakers),
    drain,
  };
}
