import { redisConfig } from '@parley/cache';
import { discoveryConfig } from '@parley/discovery';
import { isWellFormedApiKey } from '@parley/identity';
import { limitsConfig } from '@parley/limits';
import { amqpConfig } from '@parley/messaging';
import { databaseConfig } from '@parley/persistence';
import { defineConfig } from '@parley/service-kit';
import { z } from 'zod';

const seconds = (fallback: number, min: number, max: number) =>
  z.coerce.number().int().min(min).max(max).default(fallback);

const attempts = (fallback: number) => z.coerce.number().int().min(1).max(100_000).default(fallback);

/** The first tenant, owner and key, made at start-up where they are missing. */
const firstOwner = {
  PARLEY_BOOTSTRAP_EMAIL: z.email().max(254).optional(),
  PARLEY_BOOTSTRAP_PASSWORD: z.string().min(8).max(1_024).optional(),
  PARLEY_BOOTSTRAP_TENANT: z.string().trim().min(1).max(100).optional(),
  PARLEY_BOOTSTRAP_API_KEY: z
    .string()
    .refine(isWellFormedApiKey, 'must be an API key with a right checksum; apps/auth/README.md says how to mint one')
    .optional(),
  PARLEY_BOOTSTRAP_REQUESTS_PER_MINUTE: z.coerce.number().int().min(1).max(1_000_000).default(100),
};

/** The only reader of the environment. */
export const config = defineConfig({
  ...databaseConfig,
  ...amqpConfig,
  ...redisConfig,
  ...discoveryConfig,
  ...limitsConfig,
  ...firstOwner,
  PORT: z.coerce.number().int().min(0).max(65_535).default(4001),
  /** Encrypts the signing keys in the database: 32 bytes, base64. The same for all instances, and for as long as the keys live. */
  AUTH_ENCRYPTION_KEY: z
    .base64()
    .transform((text) => Buffer.from(text, 'base64'))
    .refine((key) => key.length === 32, 'must be 32 bytes in base64'),
  /** For how long a signing key signs before its successor does, 1–3,650 days. */
  SIGNING_KEY_ROTATION_DAYS: z.coerce.number().int().min(1).max(3_650).default(30),
  /** For how long a new signing key is published before it signs: over a minute in production, for which Kong keeps the key set. */
  SIGNING_KEY_LEAD_S: seconds(300, 10, 86_400),
  ACCESS_TOKEN_TTL_S: seconds(300, 30, 3_600),
  REFRESH_TOKEN_TTL_S: seconds(30 * 86_400, 60, 365 * 86_400),
  /** For how long after its use a refresh token still gives the successor that it gave then; 0 for never. */
  REFRESH_GRACE_S: seconds(10, 0, 60),
  /** Of tokens exchanged for API keys: how long a revoked key works where the news of it does not arrive. */
  API_KEY_TOKEN_TTL_S: seconds(60, 15, 600),
  /** Who may make an account by themselves: anybody, with a tenant of their own; those who are invited; nobody. */
  PARLEY_REGISTRATION: z.enum(['open', 'invite', 'closed']).default('invite'),
  /** Registrations from one client address, 1–100,000. */
  REGISTRATIONS_PER_MINUTE: attempts(30),
  /** Passwords and resets that one client address may try, right or wrong, 1–100,000. */
  LOGIN_ATTEMPTS_PER_MINUTE: attempts(100),
  /**
   * argon2id's memory and passes. The defaults are the least that the OWASP Password Storage Cheat Sheet takes, and so the
   * lower bounds; at most 1 GiB and 10 passes. Raised, each password is hashed anew at its user's next login.
   */
  PASSWORD_MEMORY_KIB: z.coerce.number().int().min(19_456).max(1_048_576).default(19_456),
  PASSWORD_PASSES: z.coerce.number().int().min(2).max(10).default(2),
  /** The wrong password in a row, of an account or from an address, that the first delay follows, 1–100,000. */
  WRONG_PASSWORDS_OF_ACCOUNT: attempts(5),
  WRONG_PASSWORDS_OF_ADDRESS: attempts(20),
  /** What that delay doubles up to; one wrong password is forgotten in this time. */
  LOCKOUT_MAX_S: seconds(900, 1, 86_400),
  /** Refreshes from one client address, 1–100,000. */
  REFRESHES_PER_MINUTE: attempts(600),
  /** Refreshes of one login, 1–100,000; a client needs one per lifetime of an access token. */
  LOGIN_REFRESHES_PER_MINUTE: attempts(30),
  /** Tokens and revocations that one client address may ask for, 1–100,000. */
  OAUTH_REQUESTS_PER_MINUTE: attempts(600),
  /** Resets that may be asked for one account, whoever asks, 1–100,000. */
  PASSWORD_RESETS_PER_HOUR: attempts(5),
  PASSWORD_RESET_TTL_S: seconds(1_800, 60, 86_400),
  /** Logins, password resets and invitations are deleted so long after they are over, 1–3,650 days. */
  CREDENTIAL_RETENTION_DAYS: z.coerce.number().int().min(1).max(3_650).default(30),
}).refine(
  (c) =>
    [c.PARLEY_BOOTSTRAP_EMAIL, c.PARLEY_BOOTSTRAP_PASSWORD, c.PARLEY_BOOTSTRAP_TENANT].every(Boolean) ||
    ![
      c.PARLEY_BOOTSTRAP_EMAIL,
      c.PARLEY_BOOTSTRAP_PASSWORD,
      c.PARLEY_BOOTSTRAP_TENANT,
      c.PARLEY_BOOTSTRAP_API_KEY,
    ].some(Boolean),
  {
    path: ['PARLEY_BOOTSTRAP_EMAIL'],
    message: 'is given with PARLEY_BOOTSTRAP_PASSWORD and _TENANT or not at all, and _API_KEY only with them',
  },
);
export type Config = z.infer<typeof config>;
