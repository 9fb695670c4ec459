import { ServerResponse, type IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { AppError, type ServiceName } from '@parley/contracts';
import type { ServiceProxy } from '@parley/service-client';
import { requestIdHeader, requestIdOf } from '@parley/service-kit';
import { Cors } from './cors.js';
import type { EdgeAuthenticator } from './edge-authenticator.js';
import { clearForeignHeaders } from './foreign-headers.js';
import type { Refusals } from './refusals.js';
import type { EdgeRules } from './route-file.js';
import type { EdgeRoute, Match } from './route-table.js';

/** Answers a request in this process, as `fastify.routing` does. */
export type LocalHandler = (req: IncomingMessage, res: ServerResponse) => void;

export interface EdgeParts {
  readonly rules: EdgeRules;
  readonly authenticator: Pick<EdgeAuthenticator, 'internalToken'>;
  readonly proxy: Pick<ServiceProxy, 'forward' | 'upgrade' | 'clientAddress'>;
  readonly refusals: Pick<Refusals, 'answer'>;
  /** The service that runs in this process, and how to reach it. */
  readonly local: { readonly service: ServiceName; readonly handle: LocalHandler };
}

/** What Kong does with kong.yml, in this process: request id, cross-origin headers, credential, then the route's service. */
export class EdgeHandler {
  private readonly cors: Cors | undefined;

  constructor(private readonly parts: EdgeParts) {
    this.cors = parts.rules.cors && new Cors(parts.rules.cors);
  }

  handle(req: IncomingMessage, res: ServerResponse): void {
    const { path, route } = this.match(req);
    const requestId = nameRequest(req);
    // The gateway says it itself, and a header that is set before has Node merge all of its headers one by one.
    if (route?.service !== this.parts.local.service || req.method === 'OPTIONS')
      res.setHeader(requestIdHeader, requestId);
    if (this.cors?.answers(req, res)) return;
    if (!route || lacksHost(req)) {
      const code = path === undefined || lacksHost(req) ? 'request.invalid' : 'request.not_found';
      this.refuse(new AppError(code), undefined, req, res);
      return;
    }
    this.admit(route, req)
      .then(() => this.dispatch(route, req, res))
      .catch((error: unknown) => this.refuse(error, route, req, res));
  }

  /** True for what `upgrade` should get: the gateway itself has no WebSockets, and no other protocol is spoken here. */
  upgrades(req: IncomingMessage): boolean {
    if (req.headers.upgrade?.toLowerCase() !== 'websocket') return false;
    const { route } = this.match(req);
    return route?.service !== undefined && route.service !== this.parts.local.service;
  }

  /** For a request that `upgrades`. */
  upgrade(req: IncomingMessage, socket: Duplex, head: Buffer): void {
    // Node hands the socket over without a listener: a client that resets it would end the process.
    socket.on('error', () => socket.destroy());
    const { route } = this.match(req);
    const service = route?.service;
    if (!service) {
      socket.destroy();
      return;
    }
    nameRequest(req);
    const onError = (error: unknown): void => this.refuse(error, route, req, responseOn(socket, req));
    this.admit(route, req)
      .then(() => this.parts.proxy.upgrade(service, req, socket, head, { onError }))
      .catch(onError);
  }

  /** Finds the route, and makes `req.url` what was matched. */
  private match(req: IncomingMessage): Match {
    const target = req.url ?? '/';
    const queryAt = target.indexOf('?');
    const sent = queryAt < 0 ? target : target.slice(0, queryAt);
    const match = this.parts.rules.routes.match(sent);
    if (match.path !== undefined && match.path !== sent) req.url = match.path + target.slice(sent.length);
    return match;
  }

  /** Takes what is not the client's to say, and puts the internal token in the place of its credential. @throws AppError as the authenticator does */
  private async admit(route: EdgeRoute, req: IncomingMessage): Promise<void> {
    const { authenticator, proxy } = this.parts;
    const token = route.errorFormat && (await authenticator.internalToken(req.headers, proxy.clientAddress(req)));
    clearForeignHeaders(req.headers);
    if (token !== undefined) req.headers.authorization = `Bearer ${token}`;
  }

  private dispatch(route: EdgeRoute, req: IncomingMessage, res: ServerResponse): void {
    const { service, termination, readTimeoutMs } = route;
    if (termination) {
      res.writeHead(termination.status_code, { 'content-type': termination.content_type }).end(termination.body);
    } else if (service === this.parts.local.service) {
      this.parts.local.handle(req, res);
    } else if (service) {
      const onError = (error: unknown): void => this.refuse(error, route, req, res);
      const options = { onError, ...(readTimeoutMs !== undefined && { readTimeoutMs }) };
      this.parts.proxy.forward(service, req, res, options).catch(onError);
    }
  }

  private refuse(error: unknown, route: EdgeRoute | undefined, req: IncomingMessage, res: ServerResponse): void {
    const requestId = nameRequest(req);
    if (!res.headersSent) res.setHeader(requestIdHeader, requestId);
    this.parts.refusals.answer({ error, requestId, route }, req, res);
  }
}

/** RFC 9112 §3.2: only an older client than one of HTTP/1.1 may leave it out. */
const lacksHost = ({ httpVersion, headers }: IncomingMessage): boolean =>
  httpVersion === '1.1' && headers.host === undefined;

/** Gives the request the id that it goes by from now on. */
function nameRequest(req: IncomingMessage): string {
  const id = requestIdOf(req);
  req.headers[requestIdHeader] = id;
  return id;
}

/** An upgrade is refused as any request is. */
function responseOn(socket: Duplex, req: IncomingMessage): ServerResponse {
  const res = new ServerResponse(req);
  res.shouldKeepAlive = false;
  if (socket instanceof Socket) res.assignSocket(socket);
  res.on('finish', () => socket.end());
  return res;
}
