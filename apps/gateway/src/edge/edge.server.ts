import { once } from 'node:events';
import { createServer, type ServerOptions } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Injectable } from '@nestjs/common';
import { ServiceProxy } from '@parley/service-client';
import { answerUnreadable, HttpServers } from '@parley/service-kit';
import { EdgeAuthenticator } from './edge-authenticator.js';
import { EdgeHandler, type LocalHandler } from './edge-handler.js';
import { EdgeOptions } from './edge.options.js';
import { Refusals } from './refusals.js';
import { readRouteFile } from './route-file.js';

/** What a client may take its time for: sending the head, sending the whole request, saying nothing at all. */
const limits: ServerOptions = {
  maxHeaderSize: 16 * 1_024,
  headersTimeout: 10_000,
  requestTimeout: 300_000,
  keepAliveTimeout: 75_000,
  connectionsCheckingInterval: 5_000,
  // A credential sent twice must be seen to be two; by default Node drops the second.
  joinDuplicateHeaders: true,
  // A request without a host is refused by the handler, since Node would do so with no word.
  requireHostHeader: false,
};

/** The public surface of the whole platform on one port, where Kong cannot run (docs/adr/0014). */
@Injectable()
export class EdgeServer {
  constructor(
    private readonly options: EdgeOptions,
    private readonly authenticator: EdgeAuthenticator,
    private readonly proxy: ServiceProxy,
    private readonly servers: HttpServers,
    private readonly refusals: Refusals,
  ) {}

  /**
   * Listens where PARLEY_EDGE_PORT says, if it says; `handle` answers what is for the gateway itself. Drained with the
   * process's other servers. Answers the address.
   * @throws Error for a route file with anything in it that is not honoured
   */
  async listen(handle: LocalHandler): Promise<string | undefined> {
    const { port, host, routesFile } = this.options;
    if (port === undefined) return undefined;
    const edge = new EdgeHandler({
      rules: readRouteFile(routesFile),
      authenticator: this.authenticator,
      proxy: this.proxy,
      refusals: this.refusals,
      local: { service: 'gateway', handle },
    });
    const server = createServer({ ...limits, shouldUpgradeCallback: (req) => edge.upgrades(req) });
    server.on('clientError', answerUnreadable);
    server.on('request', (req, res) => edge.handle(req, res));
    server.on('upgrade', (req, socket, head) => edge.upgrade(req, socket, head));
    this.servers.add(server);
    server.listen(port, host);
    await once(server, 'listening');
    const { port: bound } = server.address() as AddressInfo;
    return `http://${host}:${bound}`;
  }
}
