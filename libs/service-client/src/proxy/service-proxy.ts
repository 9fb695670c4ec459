import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { Injectable } from '@nestjs/common';
import type { AppError } from '@parley/contracts';
import { Directory } from '@parley/discovery';
import { isRejected } from '@parley/resilience';
import { Clock, discardBody } from '@parley/service-kit';
import { toAppError, wasNeverSent } from '../failure.js';
import { ServiceClientOptions } from '../options.js';
import { decideRetry } from '../retry-decision.js';
import { Targets } from '../targets/targets.js';
import { exchange, hasBody, type Passage } from './exchange.js';
import { requestHeaders, type HeaderChanges } from './headers.js';
import { Progress } from './progress.js';
import { TrustedProxies } from './trusted-proxies.js';
import { Tunnels } from './tunnels.js';

export interface ForwardOptions {
  /** Changes to the headers of the upstream request, made last. */
  readonly headers?: HeaderChanges;
  /** Longest silence of the service, before its answer begins and within it; default 60 s, as Kong's read_timeout. */
  readonly readTimeoutMs?: number;
  /** Answers a client whose request got no answer: service.unavailable, .overloaded, .timeout or .bad_response. */
  readonly onError: (error: AppError, response: ServerResponse) => void;
}

export interface UpgradeOptions {
  readonly headers?: HeaderChanges;
  /** Answers on the bare socket, and ends it. */
  readonly onError: (error: AppError, socket: Duplex) => void;
}

const defaultReadTimeoutMs = 60_000;
const maxTries = 3;

/** Passes requests on to services as they are, unbuffered both ways: for an edge. */
@Injectable()
export class ServiceProxy {
  private readonly trusted: TrustedProxies;

  constructor(
    private readonly directory: Directory,
    private readonly targets: Targets,
    private readonly tunnels: Tunnels,
    private readonly clock: Clock,
    options: ServiceClientOptions,
  ) {
    this.trusted = new TrustedProxies(options.trustedProxies);
  }

  /** Undefined where a trusted proxy says something else than an address. */
  clientAddress(request: IncomingMessage): string | undefined {
    return this.trusted.clientOf(request);
  }

  /** Resolves when the exchange is over, however it went; an answer that broke off is cut off for the client, too. */
  async forward(
    service: string,
    request: IncomingMessage,
    response: ServerResponse,
    options: ForwardOptions,
  ): Promise<void> {
    const headers = requestHeaders(request, this.trusted, options.headers);
    const passage = { request, response, headers, readTimeoutMs: options.readTimeoutMs ?? defaultReadTimeoutMs };
    try {
      await this.directory.ready(service);
      await this.pass(service, passage);
    } catch (error) {
      if (response.headersSent) response.destroy();
      else if (!response.destroyed) options.onError(toAppError(error, service), response);
    } finally {
      // An answer may come before the body was read, such as 413: the connection's next request stands behind the rest.
      if (!request.readableEnded && !request.destroyed) discardBody(request);
    }
  }

  /** Passes a connection upgrade (WebSocket) on. Resolves when both sides are closed, or the upgrade was refused. */
  async upgrade(
    service: string,
    request: IncomingMessage,
    socket: Duplex,
    head: Buffer,
    options: UpgradeOptions,
  ): Promise<void> {
    const headers = requestHeaders(request, this.trusted, options.headers);
    try {
      await this.directory.ready(service);
      await this.tunnels.open(service, { request, socket, head, headers });
    } catch (error) {
      if (!socket.destroyed) options.onError(toAppError(error, service), socket);
    }
  }

  private async pass(service: string, passage: Passage): Promise<void> {
    const budget = this.targets.budget(service);
    const tried = new Set<string>();
    budget.call();
    for (let tries = 1; ; tries += 1) {
      const progress = new Progress(this.clock);
      try {
        await this.once(service, passage, tried, progress);
        return;
      } catch (error) {
        const again =
          tries < maxTries && this.mayTryAgain(service, passage, { error, tried, progress }) && budget.take();
        if (!again) throw error;
      }
    }
  }

  private async once(service: string, passage: Passage, tried: Set<string>, progress: Progress): Promise<void> {
    const instance = this.directory.choose(service, tried);
    tried.add(instance.id);
    const { pool, bulkhead } = this.targets.of(instance);
    try {
      await bulkhead.execute(() => exchange(pool, passage, progress));
      this.directory.report(instance, progress.latencyMs, isWorking(progress.status));
    } catch (error) {
      const clientGone = passage.response.destroyed;
      if (clientGone || isRejected(error)) this.directory.release(instance);
      else this.directory.report(instance, progress.latencyMs, false);
      throw error;
    }
  }

  /** Where nothing was sent, at another instance; where a request without a body was lost, also at the same one. */
  private mayTryAgain(
    service: string,
    { request, response }: Passage,
    { error, tried, progress }: FailedPassage,
  ): boolean {
    if (response.headersSent || response.destroyed || progress.bodyTaken) return false;
    const idempotent = !hasBody(request) && (request.method === 'GET' || request.method === 'HEAD');
    const hasOther = this.directory.instances(service).some(({ id }) => !tried.has(id));
    if (wasNeverSent(error) && !hasOther) return false;
    return decideRetry({ error, idempotent, hasOther }) === 'retry';
  }
}

interface FailedPassage {
  readonly error: unknown;
  readonly tried: ReadonlySet<string>;
  readonly progress: Progress;
}

/** A gateway status says that the instance cannot work; 500 is a fault of the request's handler. */
const isWorking = (status = 502): boolean => status < 502 || status > 504;
