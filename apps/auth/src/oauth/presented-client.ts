import { AppError } from '@parley/contracts';

/** How a client says who it is, before that is checked. */
export interface PresentedClient {
  readonly id: string;
  readonly secret: string;
}

/** What of a form concerns the client. */
export interface ClientForm {
  readonly client_id?: string | undefined;
  readonly client_secret?: string | undefined;
}

/**
 * By the Authorization header or by the form (RFC 6749 §2.3.1); undefined for a client that shows no secret.
 * @throws AppError oauth.invalid_request where it does both, oauth.invalid_client where the header cannot be read.
 */
export function presentedClient(
  authorization: string | undefined,
  { client_id: id, client_secret: secret }: ClientForm,
): PresentedClient | undefined {
  const encoded = /^Basic +(\S*)$/i.exec(authorization ?? '')?.[1];
  if (encoded === undefined) {
    if (secret === undefined) return undefined;
    if (id === undefined) throw twofold('client_secret is there without client_id');
    return { id, secret };
  }
  const client = readBasic(encoded);
  if (secret !== undefined) throw twofold('The client shows its secret in two ways');
  if (id !== undefined && id !== client.id)
    throw twofold('client_id and the Authorization header are not of one client');
  return client;
}

const twofold = (detail: string) => new AppError('oauth.invalid_request', { detail });

/** RFC 7617, of an id and a secret that are form-encoded each. */
function readBasic(encoded: string): PresentedClient {
  const [id, secret] = Buffer.from(encoded, 'base64').toString('utf8').split(':', 2);
  try {
    if (id !== undefined && secret !== undefined) return { id: formDecoded(id), secret: formDecoded(secret) };
  } catch {
    // Not percent-encoded as it should be: like what has no colon.
  }
  throw new AppError('oauth.invalid_client', { detail: 'The Authorization header is not valid' });
}

const formDecoded = (text: string): string => decodeURIComponent(text.replaceAll('+', ' '));
