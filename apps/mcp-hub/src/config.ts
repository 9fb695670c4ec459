import { redisConfig } from '@parley/cache';
import { discoveryConfig } from '@parley/discovery';
import { limitsConfig } from '@parley/limits';
import { amqpConfig } from '@parley/messaging';
import { databaseConfig } from '@parley/persistence';
import { serviceClientConfig } from '@parley/service-client';
import { defineConfig } from '@parley/service-kit';
import { z } from 'zod';
import { serverFile } from './servers/server-file.js';

/** The only reader of the environment. */
export const config = defineConfig({
  ...databaseConfig,
  ...amqpConfig,
  ...redisConfig,
  ...discoveryConfig,
  ...serviceClientConfig,
  ...limitsConfig,
  PORT: z.coerce.number().int().min(0).max(65_535).default(4004),
  /** The MCP servers as JSON, from a file as a rule: MCP_SERVERS_FILE. Without it there are none. */
  MCP_SERVERS: serverFile,
  /** What the servers inherit, beside what the file gives them. */
  PATH: z.string().default('/usr/local/bin:/usr/bin:/bin'),
  HOME: z.string().optional(),
  LANG: z.string().default('C.UTF-8'),
  /**
   * A server that says nothing for this long, calls in flight or not, is asked whether it lives; one that gives no sign for
   * as long again is ended and started anew. So a tool must not keep its whole process busy for longer.
   */
  MCP_PING_TIMEOUT_MS: z.coerce.number().int().min(100).max(60_000).default(10_000),
});
export type Config = z.infer<typeof config>;
