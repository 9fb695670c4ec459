import type { RedisConnection } from '@parley/cache';
import type { Redis, Result } from 'ioredis';
import type { Rule, Taken } from './sliding-window.js';

/**
 * sliding-window.ts in Lua. The time is the Redis server's: the instances' own clocks differ, and a window that several
 * of them share must not jump between them. The value is `startedAt current previous`; it ends when it can no longer
 * weigh on anything. Several calls of the same cost are taken at once: as many as fit.
 */
const lua = `
local limit, window, cost, calls = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
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
local room = (limit - current) * window - previous * (window - elapsed)
local allowed = calls
if cost > 0 then allowed = math.max(0, math.min(calls, math.floor(room / (cost * window)))) end
if allowed > 0 then
  current = math.max(0, current + allowed * cost)
  local value = string.format('%.0f %.0f %.0f', started, current, previous)
  redis.call('SET', KEYS[1], value, 'PX', 2 * window - elapsed)
end
return { allowed, current, previous, elapsed }
`;

declare module 'ioredis' {
  interface RedisCommander<Context> {
    takeFromWindow(
      key: string,
      limit: number,
      windowMs: number,
      cost: number,
      calls: number,
    ): Result<[allowed: number, current: number, previous: number, elapsedMs: number], Context>;
  }
}

type Reply = readonly [allowed: number, current: number, previous: number, elapsedMs: number];

/** Calls under one rule that go to Redis together. */
interface Together {
  calls: number;
  readonly reply: Promise<Reply>;
}

/**
 * One window per key in Redis, shared by all instances. The calls of one key that come in one turn of the event loop are
 * one command: under load dozens of them, each of which would cost the service and Redis as much as all together.
 */
export class RedisWindows {
  private readonly gathering = new Map<string, Together>();

  constructor(private readonly redis: RedisConnection) {
    redis.client.defineCommand('takeFromWindow', { numberOfKeys: 1, lua });
  }

  /** @throws when Redis does not answer: at once where that is known already. */
  async take(key: string, rule: Rule): Promise<Taken> {
    const together = this.join(key, rule);
    const place = ++together.calls;
    const [allowed, current, previous, elapsedMs] = await together.reply;
    // As if each had asked by itself: those that fit went first.
    const after = Math.max(0, allowed - place);
    return { allowed: place <= allowed, current: current - after * rule.cost, previous, elapsedMs };
  }

  private join(key: string, { limit, windowMs, cost }: Rule): Together {
    const name = `${limit} ${windowMs} ${cost} ${key}`;
    const known = this.gathering.get(name);
    if (known) return known;
    const { promise, resolve } = Promise.withResolvers<Reply>();
    const together: Together = { calls: 0, reply: promise };
    this.gathering.set(name, together);
    setImmediate(() => {
      this.gathering.delete(name);
      const { calls } = together;
      resolve(
        this.redis.run((client: Redis) => client.takeFromWindow(`parley:limit:${key}`, limit, windowMs, cost, calls)),
      );
    });
    return together;
  }
}
