import type { IncomingHttpHeaders } from 'node:http';
import { AppError, maxTokenBytes } from '@parley/contracts';
import { isWellFormedApiKey } from '@parley/identity';

export interface Credential {
  readonly kind: 'api_key' | 'token';
  readonly text: string;
}

const tokenShape = /^[\w-]+\.[\w-]+\.[\w-]+$/;

/**
 * The one credential of a request, decided as kong/plugins/parley-auth/decision.lua does. Headers sent twice must arrive
 * joined (`joinDuplicateHeaders`), and so fit neither shape.
 * @throws AppError request.unauthenticated or credential.invalid
 */
export function readCredential(headers: IncomingHttpHeaders): Credential {
  const text = presented(headers);
  if (isWellFormedApiKey(text)) return { kind: 'api_key', text };
  if (text.length <= maxTokenBytes && tokenShape.test(text)) return { kind: 'token', text };
  throw invalid('This is neither an API key nor a token');
}

function presented({ authorization = '', 'x-api-key': apiKey = '' }: IncomingHttpHeaders): string {
  if (authorization === '' && apiKey === '') throw new AppError('request.unauthenticated');
  if (authorization === '') return String(apiKey);
  if (apiKey === '') return bearer(authorization);
  throw invalid('Send one credential: either the Authorization header or x-api-key');
}

function bearer(authorization: string): string {
  const text = /^Bearer +(\S+)$/i.exec(authorization)?.[1];
  if (text === undefined) throw invalid('The Authorization header must read: Bearer <key or token>');
  return text;
}

const invalid = (detail: string): AppError => new AppError('credential.invalid', { detail });
