import type { IncomingMessage } from 'node:http';
import type { Identity } from '@parley/contracts';

/** What the guard needs of a Fastify request, and what it leaves there. */
export interface IdentifiedRequest {
  readonly raw: Pick<IncomingMessage, 'headers' | 'rawHeaders'>;
  /** The path's parameters. */
  readonly params?: Readonly<Record<string, string>>;
  identity?: Identity;
}
