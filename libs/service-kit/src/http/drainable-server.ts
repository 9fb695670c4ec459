import type { Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** How often a closing server looks for connections that have become idle. */
const idleCheckMs = 25;

/** How long a closing server waits for the first byte of a connection: its request may be on the way. */
const firstByteMs = 1_000;

/** An HTTP server that can be left in good order. */
export class DrainableServer {
  private readonly inFlight = new Set<ServerResponse>();
  /** Connections without a request, which are not idle by Node's count, and would be waited for. */
  private readonly unused = new Set<Socket>();
  private leaving = false;

  constructor(private readonly server: Server) {
    server.on('connection', (socket: Socket) => {
      this.unused.add(socket);
      socket.once('close', () => this.unused.delete(socket));
    });
    server.prependListener('request', (request, response) => {
      this.unused.delete(request.socket);
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
      const unused = setTimeout(() => this.closeUnused(), firstByteMs);
      const cutOff = () => server.closeAllConnections();
      signal.addEventListener('abort', cutOff, { once: true });
      server.close(() => {
        clearInterval(idle);
        clearTimeout(unused);
        signal.removeEventListener('abort', cutOff);
        resolve();
      });
    });
  }

  private closeUnused(): void {
    for (const socket of this.unused) if (socket.bytesRead === 0) socket.destroy();
  }
}
