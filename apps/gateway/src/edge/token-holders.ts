import { accessTokenClaims } from '@parley/contracts';

/** Whose rights a token carries. */
export interface Holders {
  readonly tenantId: string;
  /** Its subject, and the API key that it was exchanged for. */
  readonly ids: readonly string[];
}

const claims = accessTokenClaims.pick({ tenant_id: true, sub: true, key_id: true });

/**
 * Read from a token that the auth service has just made: its signature is for the services to check. Undefined for what
 * is none, which they refuse.
 */
export function holdersOf(token: string): Holders | undefined {
  const [, payload = ''] = token.split('.');
  try {
    const { tenant_id, sub, key_id } = claims.parse(JSON.parse(Buffer.from(payload, 'base64url').toString('utf8')));
    return { tenantId: tenant_id, ids: key_id === undefined ? [sub] : [sub, key_id] };
  } catch {
    return undefined;
  }
}
