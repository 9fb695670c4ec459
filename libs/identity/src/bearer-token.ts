import type { IncomingMessage } from 'node:http';
import { AppError } from '@parley/contracts';

const scheme = 'bearer ';

/**
 * The token in `Authorization: Bearer` (RFC 6750 §2.1), the only place where one is looked for.
 * @throws AppError request.unauthenticated without the header; credential.invalid when it is given twice, because Node
 * shows the first and a proxy may have judged the last, and for any other scheme.
 */
export function bearerToken(request: Pick<IncomingMessage, 'headers' | 'rawHeaders'>): string {
  const { authorization } = request.headers;
  if (authorization === undefined) throw new AppError('request.unauthenticated');
  if (occurrences(request.rawHeaders, 'authorization') > 1)
    throw new AppError('credential.invalid', { detail: 'The Authorization header was sent more than once' });
  const token = authorization.slice(scheme.length).trimStart();
  if (authorization.slice(0, scheme.length).toLowerCase() !== scheme || token === '' || token.includes(' '))
    throw new AppError('credential.invalid', { detail: 'The Authorization header must read: Bearer <token>' });
  return token;
}

/** Names stand at the even places of `rawHeaders`, as they were sent. */
const occurrences = (rawHeaders: readonly string[], name: string): number => {
  let count = 0;
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const header = rawHeaders[at] ?? '';
    if (header.length === name.length && header.toLowerCase() === name) count += 1;
  }
  return count;
};
