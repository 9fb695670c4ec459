import type { RedisOptions } from 'ioredis';
import type { RedisConfig } from './config.js';

/** A socket that owes an answer for so long is replaced; timeouts of single commands come long before. */
const socketTimeoutMs = 3_000;
const connectTimeoutMs = 2_000;
/** Pause before the n-th connection attempt: up to 50 ms, doubled each time, up to 1 s. */
const [baseDelayMs, maxDelayMs] = [50, 1_000];

/**
 * A connection for what may be lost: nothing waits in a queue while Redis is away, nothing is sent twice, and commands
 * of the same turn of the event loop travel together.
 */
export const redisOptions = ({ REDIS_CA, REDIS_COMMAND_TIMEOUT_MS }: RedisConfig): RedisOptions => ({
  lazyConnect: true,
  enableAutoPipelining: true,
  enableOfflineQueue: false,
  autoResendUnfulfilledCommands: false,
  maxRetriesPerRequest: 1,
  commandTimeout: REDIS_COMMAND_TIMEOUT_MS,
  connectTimeout: connectTimeoutMs,
  socketTimeout: socketTimeoutMs,
  retryStrategy: (times) => baseDelayMs + Math.random() * Math.min(baseDelayMs * 2 ** times, maxDelayMs),
  ...(REDIS_CA !== undefined && { tls: { ca: REDIS_CA } }),
});
