import type { RedisConnection } from '@parley/cache';
import type { Result } from 'ioredis';
import type { Tries } from './lockout.js';
import type { Counted, Taken, TriesStore } from './tries.js';

/**
 * lockout.ts in Lua, for all keys or none. The time is the Redis server's, because the instances' clocks differ.
 * ARGV has `delayedFrom` and `maxDelayMs` of each key; the value is `forgottenAt lockedUntil`.
 */
const takeLua = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local kept, wait = {}, 0
for i, key in ipairs(KEYS) do
  local forgotten, locked = string.match(redis.call('GET', key) or '0 0', '^(%d+) (%d+)$')
  kept[i] = tonumber(forgotten)
  wait = math.max(wait, tonumber(locked) - now)
end
if wait > 0 then return { wait } end
local reply = { 0 }
for i, key in ipairs(KEYS) do
  local from, max = tonumber(ARGV[2 * i - 1]), tonumber(ARGV[2 * i])
  local forgotten = math.max(kept[i], now) + max
  local doublings = math.ceil((forgotten - now) / max) - from
  local locked = 0
  if doublings >= 0 then locked = now + math.min(1000 * 2 ^ doublings, max) end
  redis.call('SET', key, string.format('%.0f %.0f', forgotten, locked), 'PX', forgotten - now)
  table.insert(reply, forgotten)
  table.insert(reply, locked)
end
return reply
`;

const takeBackLua = `
local kept = redis.call('GET', KEYS[1])
if not kept then return 0 end
local forgotten, locked = string.match(kept, '^(%d+) (%d+)$')
if locked == ARGV[1] then locked = '0' end
local left = redis.call('PTTL', KEYS[1]) - tonumber(ARGV[2])
if left <= 0 then return redis.call('DEL', KEYS[1]) end
redis.call('SET', KEYS[1], string.format('%.0f %s', tonumber(forgotten) - tonumber(ARGV[2]), locked), 'PX', left)
return 1
`;

declare module 'ioredis' {
  interface RedisCommander<Context> {
    takePasswordTry(keyCount: number, ...keysAndRules: (string | number)[]): Result<number[], Context>;
    takeBackPasswordTry(key: string, lockedUntil: number, maxDelayMs: number): Result<number, Context>;
  }
}

const prefix = 'parley:auth:password-tries:';

/** Tries in Redis, shared by all instances; they outlive a restart of each. Every method throws where Redis does not answer. */
export class RedisTries implements TriesStore {
  constructor(private readonly redis: RedisConnection) {
    redis.client.defineCommand('takePasswordTry', { lua: takeLua });
    redis.client.defineCommand('takeBackPasswordTry', { lua: takeBackLua, numberOfKeys: 1 });
  }

  async take(counted: readonly Counted[]): Promise<Taken> {
    const keys = counted.map(({ key }) => prefix + key);
    const rules = counted.flatMap(({ delayedFrom, maxDelayMs }) => [delayedFrom, maxDelayMs]);
    const reply = await this.redis.run((client) => client.takePasswordTry(keys.length, ...keys, ...rules));
    const [retryAfterMs = 0, ...times] = reply;
    if (retryAfterMs > 0) return { allowed: false, retryAfterMs };
    const tries = counted.map((_, index) => ({
      forgottenAt: times[2 * index] ?? 0,
      lockedUntil: times[2 * index + 1] ?? 0,
    }));
    return { allowed: true, tries };
  }

  async takeBack({ key, maxDelayMs }: Counted, { lockedUntil }: Tries): Promise<void> {
    await this.redis.run((client) => client.takeBackPasswordTry(prefix + key, lockedUntil, maxDelayMs));
  }

  async forget(key: string): Promise<void> {
    await this.redis.run((client) => client.del(prefix + key));
  }
}
