import { Injectable, type OnModuleInit } from '@nestjs/common';
import { RedisConnection } from '@parley/cache';
import { accessChangesKey, type AccessChange, type StoredAccessChange } from '@parley/contracts';
import { Clock, Log, RecurringTask, Shutdown } from '@parley/service-kit';
import { TokenLifetimes } from '../tokens/token-lifetimes.js';
import { slackMs } from './slack.js';

/** Live changes that Redis keeps of all tenants; of more than these a process that starts then hears the newest. */
const maxKept = 100_000;
/** Changes that wait here while Redis is away; the oldest go first. All processes that run hear of them by the broker. */
const maxWaiting = 10_000;
const perCall = 500;
const writeEveryMs = 1_000;

/** Scores only rise, even where the clock of Redis does not, so that a reader that remembers the last one misses none. */
const lua = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local last = redis.call('ZRANGE', KEYS[1], -1, -1, 'WITHSCORES')[2]
local score = math.max(now, (tonumber(last) or 0) + 1)
for place = 3, #ARGV do
  redis.call('ZADD', KEYS[1], score, ARGV[place])
  score = score + 1
end
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now - ARGV[1])
redis.call('ZREMRANGEBYRANK', KEYS[1], 0, -1 - ARGV[2])
redis.call('PEXPIRE', KEYS[1], ARGV[1])
`;

interface Waiting {
  readonly text: string;
  readonly until: number;
}

/** Puts changes where every process looks for them each second, and each process that starts. */
@Injectable()
export class AccessChangeStore implements OnModuleInit {
  private readonly keptMs: number;
  private waiting: Waiting[] = [];
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
    for (const change of changes) {
      const entry: StoredAccessChange = { tenant_id: tenantId, change };
      this.waiting.push({ text: JSON.stringify(entry), until: Date.parse(change.until) });
    }
    void this.write().catch(() => undefined);
  }

  /** That Redis is away is logged by its connection. What was sent and not confirmed is sent again, which does no harm. */
  private async write(): Promise<void> {
    if (this.writing) return;
    this.writing = true;
    try {
      this.forget();
      while (this.redis.available && this.waiting.length > 0) await this.writeBatch();
    } finally {
      this.writing = false;
    }
  }

  private async writeBatch(): Promise<void> {
    const texts = this.waiting.slice(0, perCall).map(({ text }) => text);
    await this.redis.run((client) => client.eval(lua, 1, accessChangesKey, this.keptMs, maxKept, ...texts));
    this.waiting.splice(0, texts.length);
  }

  private forget(): void {
    if (this.waiting.length === 0) return;
    const now = this.clock.now();
    this.waiting = this.waiting.filter(({ until }) => until > now);
    const tooMany = this.waiting.length - maxWaiting;
    if (tooMany <= 0) return;
    this.waiting.splice(0, tooMany);
    this.log.warn({ dropped: tooMany }, 'too many changes of access wait for Redis; the oldest are dropped');
  }
}
