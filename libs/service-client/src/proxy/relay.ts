import type { IncomingHttpHeaders, ServerResponse } from 'node:http';
import type { Dispatcher } from 'undici';
import { endToEnd } from './headers.js';

type Controller = Dispatcher.DispatchController;

export interface RelayEvents {
  readonly onHead: (status: number) => void;
  readonly onEnd: () => void;
  readonly onFailure: (error: Error) => void;
}

/** Writes an instance's answer to the client as it comes, and holds the instance back while the client is slow. */
export class Relay implements Dispatcher.DispatchHandler {
  private controller: Controller | undefined;

  constructor(
    private readonly response: ServerResponse,
    private readonly events: RelayEvents,
  ) {}

  /** Ends the work of an instance for a client that no longer listens. */
  readonly clientGone = (): void => {
    this.controller?.abort(new Error('the client went away'));
  };

  onRequestStart(controller: Controller): void {
    this.controller = controller;
    if (this.response.destroyed) this.clientGone();
  }

  onResponseStart(_controller: Controller, status: number, headers: IncomingHttpHeaders): void {
    // Interim answers are between us and the instance.
    if (status < 200) return;
    this.events.onHead(status);
    this.response.writeHead(status, endToEnd(headers));
    // A body of known length follows at once; of a stream the head may be all for a while.
    if (headers['content-length'] === undefined) this.response.flushHeaders();
  }

  onResponseData(controller: Controller, chunk: Buffer): void {
    if (this.response.write(chunk)) return;
    controller.pause();
    this.response.once('drain', () => controller.resume());
  }

  onResponseEnd(): void {
    this.response.end();
    this.events.onEnd();
  }

  onResponseError(_controller: Controller, error: Error): void {
    this.events.onFailure(error);
  }
}
