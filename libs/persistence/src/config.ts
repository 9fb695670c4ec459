import { z } from 'zod';

const postgresUrl = z
  .url({ protocol: /^postgres(ql)?$/ })
  .refine((url) => !new URL(url).searchParams.has('sslmode'), 'has sslmode; say it with DATABASE_TLS and DATABASE_CA');

/** Environment of a service that owns a database. Each variable may also come from a file, `NAME_FILE`. */
export const databaseConfig = {
  /** The role under forced row-level security, `<database>_app`. */
  DATABASE_URL: postgresUrl,
  /** The role that bypasses row-level security, `<database>_system`. */
  DATABASE_SYSTEM_URL: postgresUrl,
  /** The role that owns the tables, `<database>_owner`; migrations run at start only when it is given. */
  DATABASE_OWNER_URL: postgresUrl.optional(),
  /** Connections per role and instance, 1–200; default: computed from cores and the server's limit (see `poolSize`). */
  DATABASE_POOL_MAX: z.coerce.number().int().min(1).max(200).optional(),
  /** The server ends a statement after this long, 100–60,000 ms. */
  DATABASE_STATEMENT_TIMEOUT_MS: z.coerce.number().int().min(100).max(60_000).default(5_000),
  /** `verify` encrypts and verifies the server's certificate and name; implied by DATABASE_CA. */
  DATABASE_TLS: z.enum(['off', 'verify']).optional(),
  /** PEM of the private CA that signed the server's certificate; usually given as DATABASE_CA_FILE. */
  DATABASE_CA: z.string().includes('BEGIN CERTIFICATE').optional(),
};

export type DatabaseConfig = z.infer<z.ZodObject<typeof databaseConfig>>;
