import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { TLSSocket } from 'node:tls';
import { type TrustedProxies, unmapped } from './trusted-proxies.js';

export type Headers = Record<string, string | string[]>;

/** A value to set; null takes the header away. */
export type HeaderChanges = Readonly<Record<string, string | null>>;

/** They belong to one connection and end at us: RFC 9110 §7.6.1, and what came before it. */
const hopByHop = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/** What a client may claim about itself only through a trusted proxy. */
const isClaim = (name: string): boolean =>
  name === 'forwarded' || name === 'x-real-ip' || name.startsWith('x-forwarded-');

/** The headers that travel on, without those that the Connection header names. */
export function endToEnd(headers: IncomingHttpHeaders): Headers {
  const named = new Set(
    headers.connection
      ?.toLowerCase()
      .split(',')
      .map((name) => name.trim()),
  );
  const kept: Headers = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined && !hopByHop.has(name) && !named.has(name)) kept[name] = value;
  }
  return kept;
}

/** The headers of the upstream request: cleaned, with the client's address and what it asked for, then `changes`. */
export function requestHeaders(
  request: IncomingMessage,
  trusted: TrustedProxies,
  changes: HeaderChanges = {},
): Headers {
  const { host, expect, ...headers } = endToEnd(request.headers);
  const peer = unmapped(request.socket.remoteAddress ?? '');
  const believed = trusted.has(peer);
  const own = believed ? headers : Object.fromEntries(Object.entries(headers).filter(([name]) => !isClaim(name)));
  const through = believed ? headers['x-forwarded-for'] : undefined;
  const merged: Headers = {
    'x-forwarded-proto': request.socket instanceof TLSSocket ? 'https' : 'http',
    ...(host !== undefined && { 'x-forwarded-host': host }),
    ...own,
    'x-forwarded-for': through === undefined ? peer : `${String(through)}, ${peer}`,
  };
  return changed(merged, changes);
}

function changed(headers: Headers, changes: HeaderChanges): Headers {
  for (const [name, value] of Object.entries(changes)) {
    if (value === null) Reflect.deleteProperty(headers, name);
    else headers[name] = value;
  }
  return headers;
}
