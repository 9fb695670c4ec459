import { Injectable, type OnModuleInit } from '@nestjs/common';
import { RedisConnection } from '@parley/cache';
import {
  accessChangesKey,
  changedTenantsKey,
  lostAccessChanges,
  maxAccessChangesPerTenant,
  type AccessChange,
} from '@parley/contracts';
import { Clock, Log, RecurringTask, Shutdown } from '@parley/service-kit';
import { TokenLifetimes } from '../tokens/token-lifetimes.js';
import { slackMs } from './slack.js';
import { WaitingChanges, type Batch } from './waiting-changes.js';

const writeEveryMs = 1_000;

/**
 * Scores only rise, even where the clock of Redis does not, so that a reader that remembers the last one misses none. For
 * that the index outlives its last score, which may be ahead of the clock. All times are in microseconds.
 */
const lua = `
local index, changes = KEYS[1], KEYS[2]
local tenant, kept, most, mark, lost = ARGV[1], ARGV[2] * 1000, ARGV[3], ARGV[4], ARGV[5]
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local last = redis.call('ZRANGE', index, -1, -1, 'WITHSCORES')[2]
local score = math.max(now, (tonumber(last) or 0) + 1)
if lost == '1' then redis.call('ZADD', changes, score, mark) end
for place = 6, #ARGV do
  score = score + 1
  redis.call('ZADD', changes, score, ARGV[place])
end
redis.call('ZREMRANGEBYSCORE', changes, '-inf', now - kept)
local surplus = redis.call('ZCARD', changes) - most
if surplus > 0 then
  local dropped = redis.call('ZRANGE', changes, surplus - 1, surplus - 1, 'WITHSCORES')[2]
  redis.call('ZREMRANGEBYRANK', changes, 0, surplus - 1)
  redis.call('ZADD', changes, 'GT', dropped, mark)
end
redis.call('ZADD', index, score, tenant)
redis.call('ZREMRANGEBYSCORE', index, '-inf', now - kept)
local lives = math.ceil((score - now + kept) / 1000)
redis.call('PEXPIRE', index, lives)
redis.call('PEXPIRE', changes, lives)
`;

/** Puts changes where every process looks for them each second, and each process that starts. */
@Injectable()
export class AccessChangeStore implements OnModuleInit {
  private readonly keptMs: number;
  private readonly waiting = new WaitingChanges();
  private writing = false;

  constructor(
    lifetimes: TokenLifetimes,
    private readonly redis: RedisConnection,
    private readonly clock: Clock,
    private readonly log: Log,
    private readonly shutdown: Shutdown,
  ) {
    this.keptMs = lifetimes.longestTokenS * 1_000 + 2 * slackMs;
  }

  /** What waits is tried again each second, and once more before the process ends. */
  onModuleInit(): void {
    const { clock, log, shutdown } = this;
    const complaint = 'changes of access could not be written to Redis';
    new RecurringTask({ clock, log, shutdown, everyMs: writeEveryMs, run: () => this.write(), complaint }).start();
    shutdown.register('work', () => this.write());
  }

  /** Nobody waits for it, and nothing fails by it. */
  add(tenantId: string, changes: readonly AccessChange[]): void {
    this.waiting.add(tenantId, changes);
    void this.write().catch(() => undefined);
  }

  /** That Redis is away is logged by its connection. What was sent and not confirmed is sent again, which does no harm. */
  private async write(): Promise<void> {
    if (this.writing) return;
    this.writing = true;
    try {
      this.bound();
      for (let batch = this.waiting.next(); batch && this.redis.available; batch = this.waiting.next()) {
        await this.writeBatch(batch);
        this.waiting.written(batch);
      }
    } finally {
      this.writing = false;
    }
  }

  private async writeBatch({ tenantId, texts, lost }: Batch): Promise<void> {
    const keys = [changedTenantsKey, accessChangesKey(tenantId)];
    const rules = [tenantId, this.keptMs, maxAccessChangesPerTenant, lostAccessChanges, lost ? 1 : 0];
    await this.redis.run((client) => client.eval(lua, keys.length, ...keys, ...rules, ...texts));
  }

  private bound(): void {
    for (const tenant_id of this.waiting.bound(this.clock.now()))
      this.log.warn(
        { tenant_id },
        'too many changes of access wait for Redis: this tenant, which has the most, loses them',
      );
  }
}
