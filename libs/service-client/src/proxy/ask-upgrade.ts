import { request as httpRequest, type IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Instance } from '@parley/discovery';
import { type Clock, RejectedError } from '@parley/resilience';
import type { Headers } from './headers.js';

/** How long an instance may take to answer an upgrade. */
const answerTimeoutMs = 10_000;

/** A client that asks to upgrade its connection. */
export interface UpgradeRequest {
  readonly request: IncomingMessage;
  readonly socket: Duplex;
  /** What the client sent right after its request. */
  readonly head: Buffer;
  readonly headers: Headers;
}

/** What an instance said to it. */
export type UpgradeAnswer =
  | { readonly kind: 'accepted'; readonly message: IncomingMessage; readonly socket: Duplex; readonly head: Buffer }
  | { readonly kind: 'refused'; readonly message: IncomingMessage };

/**
 * Asks one instance. Its answer is parsed rather than passed through blindly: after a refusal the connection must not
 * stay open, or the client could send requests of its own to the instance, past the edge.
 */
export function askUpgrade(
  instance: Instance,
  { request, socket: client, headers }: UpgradeRequest,
  clock: Clock,
): Promise<UpgradeAnswer> {
  const { promise, resolve, reject } = Promise.withResolvers<UpgradeAnswer>();
  const outgoing = httpRequest({
    agent: false,
    host: instance.host,
    port: instance.port,
    method: request.method,
    path: request.url,
    headers: { ...headers, connection: 'Upgrade', upgrade: request.headers.upgrade },
  });
  const clientGone = (): void => void outgoing.destroy(new Error('the client went away'));
  const cancel = clock.setTimeout(() => {
    outgoing.destroy(new RejectedError('timeout', instance.service));
  }, answerTimeoutMs);
  client.once('close', clientGone);
  outgoing.once('upgrade', (message, socket, head) => resolve({ kind: 'accepted', message, socket, head }));
  outgoing.once('response', (message) => resolve({ kind: 'refused', message }));
  outgoing.on('error', reject);
  outgoing.end();
  return promise.finally(() => {
    cancel();
    client.off('close', clientGone);
  });
}
