import type { RedisConnection } from '@parley/cache';
import type { Redis, Result } from 'ioredis';
import type { Rule, Taken } from './sliding-window.js';

/**
 * sliding-window.ts in Lua. The time is the Redis server's: the instances' own clocks differ, and a window that several
 * of them share must not jump between them. The value is `startedAt current previous`; it ends when it can no longer
 * weigh on anything.
 */
const lua = `
local limit, window, cost = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local started, current, previous = now, 0, 0
local kept = redis.call('GET', KEYS[1])
if kept then
  local s, c, p = string.match(kept, '^(%d+) (%d+) (%d+)$')
  s, c, p = tonumber(s), tonumber(c), tonumber(p)
  if now < s + window then
    started, current, previous = math.min(s, now), c, p
  elseif now < s + 2 * window then
    started, previous = s + window, c
  end
end
local elapsed = now - started
local allowed = previous * (window - elapsed) + (current + cost) * window <= limit * window
if allowed then
  current = current + cost
  local value = string.format('%.0f %.0f %.0f', started, current, previous)
  redis.call('SET', KEYS[1], value, 'PX', 2 * window - elapsed)
end
return { allowed and 1 or 0, current, previous, elapsed }
`;

declare module 'ioredis' {
  interface RedisCommander<Context> {
    takeFromWindow(
      key: string,
      limit: number,
      windowMs: number,
      cost: number,
    ): Result<[allowed: 0 | 1, current: number, previous: number, elapsedMs: number], Context>;
  }
}

/** One window per key in Redis, shared by all instances: one command, in one round trip with others of the same moment. */
export class RedisWindows {
  constructor(private readonly redis: RedisConnection) {
    redis.client.defineCommand('takeFromWindow', { numberOfKeys: 1, lua });
  }

  /** @throws when Redis does not answer: at once where that is known already. */
  async take(key: string, { limit, windowMs, cost }: Rule): Promise<Taken> {
    const [allowed, current, previous, elapsedMs] = await this.redis.run((client: Redis) =>
      client.takeFromWindow(`parley:limit:${key}`, limit, windowMs, cost),
    );
    return { allowed: allowed === 1, current, previous, elapsedMs };
  }
}
