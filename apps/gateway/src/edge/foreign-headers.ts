import type { IncomingHttpHeaders } from 'node:http';

/**
 * What nobody outside may say: who is calling, as some gateways put it, and what services tell each other. Nothing behind
 * the edge believes the first; they go all the same. `x-parley-session` is a client's to send, and stays.
 * The same list is in kong/plugins/parley-auth/decision.lua.
 */
const foreignHeaders = [
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
  'x-parley-deadline-ms',
  'x-parley-expert-query',
  'x-parley-asked-in',
] as const;

export function clearForeignHeaders(headers: IncomingHttpHeaders): void {
  for (const name of foreignHeaders) if (headers[name] !== undefined) Reflect.deleteProperty(headers, name);
}
