import { availableParallelism } from 'node:os';

/** A role of one instance takes at most this share of the server's connections, so that ten pools always fit. */
const share = 0.1;

export interface ServerLimits {
  /** `max_connections` less those reserved for superusers. */
  readonly connections: number;
}

/**
 * Connections of one pool: cores × 2 + 1 (one effective spindle), the PostgreSQL wiki's starting point
 * (https://wiki.postgresql.org/wiki/Number_Of_Database_Connections; also HikariCP, "About Pool Sizing"), taking this
 * machine's cores for the server's, and never over a tenth of what the server accepts. At least 2, so that
 * a long transaction does not block the health probe.
 */
export function poolSize(server: ServerLimits, cores = availableParallelism()): number {
  return Math.max(2, Math.min(cores * 2 + 1, Math.floor(server.connections * share)));
}
