import type { Server, ServerResponse } from 'node:http';

/** How often a closing server looks for connections that have become idle. */
const idleCheckMs = 25;

/** An HTTP server that can be left in good order. */
export class DrainableServer {
  private readonly inFlight = new Set<ServerResponse>();
  private leaving = false;

  constructor(private readonly server: Server) {
    server.prependListener('request', (_request, response) => {
      if (this.leaving) response.shouldKeepAlive = false;
      this.inFlight.add(response);
      response.once('close', () => this.inFlight.delete(response));
    });
  }

  connections(): Promise<number> {
    return new Promise((resolve) => this.server.getConnections((error, count) => resolve(error ? 0 : count)));
  }

  /** From now on every answer closes its connection, so that clients open their next one elsewhere. */
  askToLeave(): void {
    this.leaving = true;
    for (const response of this.inFlight) response.shouldKeepAlive = false;
  }

  /** Takes no more connections, and waits for the requests in flight; what remains when `signal` aborts is cut off. */
  close(signal: AbortSignal): Promise<void> {
    const { server } = this;
    if (!server.listening) return Promise.resolve();
    return new Promise((resolve) => {
      const idle = setInterval(() => server.closeIdleConnections(), idleCheckMs);
      const cutOff = () => server.closeAllConnections();
      signal.addEventListener('abort', cutOff, { once: true });
      server.close(() => {
        clearInterval(idle);
        signal.removeEventListener('abort', cutOff);
        resolve();
      });
    });
  }
}
