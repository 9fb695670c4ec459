import { randomUUID } from 'node:crypto';
import { ServerResponse, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { AppError, type ServiceName } from '@parley/contracts';
import type { ServiceProxy } from '@parley/service-client';
import { Cors } from './cors.js';
import type { EdgeAuthenticator } from './edge-authenticator.js';
import type { Refusals } from './refusals.js';
import type { EdgeRules } from './route-file.js';
import type { EdgeRoute, Match } from './route-table.js';

/** Answers a request in this process, as `fastify.routing` does. */
export type LocalHandler = (req: IncomingMessage, res: ServerResponse) => void;

export interface EdgeParts {
  readonly rules: EdgeRules;
  readonly authenticator: Pick<EdgeAuthenticator, 'internalToken'>;
  readonly proxy: Pick<ServiceProxy, 'forward' | 'upgrade'>;
  readonly refusals: Pick<Refusals, 'answer'>;
  /** The service that runs in this process, and how to reach it. */
  readonly local: { readonly service: ServiceName; readonly handle: LocalHandler };
}

/** The rule of the services themselves: nothing that could forge a log line or a header. */
const saneRequestId = /^[\w.:/+=-]{1,128}$/;

/**
 * By which some gateways say who is calling. Nothing behind the edge believes them; they go all the same.
 * The same list is in kong/plugins/parley-auth/decision.lua.
 */
const identityHeaders = [
  'x-api-key',
  'x-tenant-id',
  'x-user-id',
  'x-user',
  'x-consumer-id',
  'x-consumer-custom-id',
  'x-consumer-username',
  'x-credential-identifier',
  'x-anonymous-consumer',
  'x-authenticated-userid',
  'x-forwarded-user',
  'x-remote-user',
] as const;

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
      res.setHeader('x-request-id', requestId);
    if (this.cors?.answers(req, res)) return;
    if (!route) {
      this.refuse(new AppError(path === undefined ? 'request.invalid' : 'request.not_found'), undefined, req, res);
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

  /** Puts the internal token in the place of what the client presented. @throws AppError as the authenticator does */
  private async admit(route: EdgeRoute, req: IncomingMessage): Promise<void> {
    if (route.errorFormat === undefined) return;
    const token = await this.parts.authenticator.internalToken(req.headers);
    replaceCredential(req.headers, token);
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
    if (!res.headersSent) res.setHeader('x-request-id', requestId);
    this.parts.refusals.answer({ error, requestId, route }, req, res);
  }
}

/** The id that the caller gave its request, or a new one, and from now on nothing else. */
function nameRequest({ headers }: IncomingMessage): string {
  const given = headers['x-request-id'];
  const id = typeof given === 'string' && saneRequestId.test(given) ? given : randomUUID();
  headers['x-request-id'] = id;
  return id;
}

function replaceCredential(headers: IncomingHttpHeaders, token: string): void {
  for (const name of identityHeaders) if (headers[name] !== undefined) Reflect.deleteProperty(headers, name);
  headers.authorization = `Bearer ${token}`;
}

/** An upgrade is refused as any request is. */
function responseOn(socket: Duplex, req: IncomingMessage): ServerResponse {
  const res = new ServerResponse(req);
  res.shouldKeepAlive = false;
  if (socket instanceof Socket) res.assignSocket(socket);
  res.on('finish', () => socket.end());
  return res;
}
