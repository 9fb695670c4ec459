import { errorCodes, type AppError, type ErrorCode, type OAuthError } from '@parley/contracts';
import type { ErrorDialect } from '@parley/service-kit';

/** Of a client that has to show its secret (RFC 7617). */
const challenge = 'Basic realm="parley", charset="UTF-8"';

/** RFC 6749 §5.2, and RFC 6750 §3.1 for the token that introspection is asked with. */
export const oauthErrors: ErrorDialect = ({ code, text }) => ({
  contentType: 'application/json',
  body: JSON.stringify({ error: nameOf(code), error_description: describe(code, text) } satisfies OAuthError),
  ...(code === 'oauth.invalid_client' && { challenge }),
});

function nameOf(code: ErrorCode): OAuthError['error'] {
  if (code.startsWith('oauth.')) return code.slice('oauth.'.length) as OAuthError['error'];
  if (code === 'request.unauthenticated' || code.startsWith('credential.')) return 'invalid_token';
  if (code === 'request.forbidden') return 'insufficient_scope';
  const { status } = errorCodes[code];
  if (status === 429 || status > 500) return 'temporarily_unavailable';
  return status === 500 ? 'server_error' : 'invalid_request';
}

/** ASCII without quotes and backslashes is all that may be said. */
const unsayable = /[^\x20-\x21\x23-\x5b\x5d-\x7e]/g;

function describe(code: ErrorCode, { detail, fields = [] }: AppError['text']): string {
  const faults = fields.map(({ path, message }) => `${path}: ${message}`);
  return [detail ?? errorCodes[code].title, ...faults].join('; ').replaceAll(unsayable, "'");
}
