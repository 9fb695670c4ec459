import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import { z } from 'zod';
import { logLevels } from '../log/log.js';

const ms = (fallback: number, max: number) => z.coerce.number().int().min(0).max(max).default(fallback);

/** Environment of every service. An app that wants a port of its own overrides PORT. */
export const serviceConfig = {
  /** 0 takes any free port. */
  PORT: z.coerce.number().int().min(0).max(65_535).default(0),
  /** The address to listen at; 0.0.0.0 in a container. */
  HOST: z.union([z.ipv4(), z.ipv6()]).default('127.0.0.1'),
  LOG_LEVEL: z.enum(logLevels).default('info'),
  /** Unique among the instances of the service. */
  PARLEY_INSTANCE_ID: z
    .string()
    .regex(/^[\w.-]{1,64}$/, 'must be 1–64 letters, digits, dots, dashes or underscores')
    .default(() => `${hostname().slice(0, 40)}-${randomBytes(4).toString('hex')}`),
  /** Wait between leaving discovery and closing the door, so that callers have heard of it. 0–60 s, default 1 s. */
  PARLEY_DRAIN_ANNOUNCE_MS: ms(1_000, 60_000),
  /**
   * How long requests in flight may take to finish once the instance drains. 0–10 min, default 20 s: with all else that a
   * drain may take, that is within the 30 s which Kubernetes gives a process to end.
   */
  PARLEY_DRAIN_TIMEOUT_MS: ms(20_000, 600_000),
  /** Addresses or CIDR blocks, comma-separated, whose X-Forwarded-For is believed; default none. */
  PARLEY_TRUSTED_PROXIES: z
    .string()
    .transform((list) => list.split(',').map((entry) => entry.trim()))
    .pipe(z.array(z.union([z.ipv4(), z.ipv6(), z.cidrv4(), z.cidrv6()])))
    .optional(),
  SERVICE_VERSION: z.string().max(100).default('0.0.0-dev'),
};
export type ServiceConfig = z.infer<z.ZodObject<typeof serviceConfig>>;

/** The schema of an app's configuration: the service's own variables and `shape`, which may override some of them. */
export const defineConfig = <T extends z.ZodRawShape>(shape: T) => z.object({ ...serviceConfig, ...shape });
