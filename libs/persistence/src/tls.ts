import type { DatabaseConfig } from './config.js';

/** What pg takes as `ssl`: nothing, or a verified connection, where given by a private CA alone. */
export type Tls = false | { readonly rejectUnauthorized: true; readonly ca?: string };

export function tlsOptions(config: Pick<DatabaseConfig, 'DATABASE_TLS' | 'DATABASE_CA'>): Tls {
  const { DATABASE_CA: ca } = config;
  if (ca === undefined) return config.DATABASE_TLS === 'verify' && { rejectUnauthorized: true };
  return { rejectUnauthorized: true, ca };
}
