import { Injectable } from '@nestjs/common';
import { RedisConnection } from '@parley/cache';
import { liveField, liveKey, type LiveEntry, type StreamBatch } from '@parley/contracts';

type Redis = Pick<RedisConnection, 'available' | 'run'>;

/** What waits for Redis, in characters; more is left out, which readers find out. */
const maxWaiting = 1_048_576;
/** A turn that says nothing for so long is read from PostgreSQL. */
const expiryMs = 15 * 60_000;

/**
 * Tells the readers of a session, through Redis, what comes of one answer. The answer never waits for it: one message is
 * under way at a time, what comes meanwhile goes with the next, and what Redis does not take is a gap in the count.
 */
export class LiveFeed {
  private count = 0;
  private waiting: string[] = [];
  private size = 0;
  private sending = false;

  constructor(
    private readonly redis: Redis,
    private readonly key: string,
    private readonly turnId: string,
  ) {}

  add(batch: StreamBatch): void {
    if (!this.redis.available) {
      this.skip();
      return;
    }
    for (const event of batch) if (event.type !== 'vendor') this.wait(JSON.stringify({ ...event, native: undefined }));
    if (this.size > maxWaiting) this.skip();
    if (!this.sending && this.size > 0) void this.send();
  }

  /** For a session that is gone, at the end: so is what is kept of it, or else it expires. */
  async forget(): Promise<void> {
    this.take();
    await this.redis.run((client) => client.del(this.key)).catch(() => undefined);
  }

  private wait(event: string): void {
    this.waiting.push(event);
    this.size += event.length;
  }

  private skip(): void {
    this.count += 1;
    this.take();
  }

  private async send(): Promise<void> {
    this.sending = true;
    while (this.size > 0) await this.publish(this.entry()).catch(() => undefined);
    this.sending = false;
  }

  /** One round trip. A stream that sessions has not begun, or that is gone, is not begun here. */
  private async publish(text: string): Promise<void> {
    await this.redis.run((client) =>
      Promise.all([
        client.xadd(this.key, 'NOMKSTREAM', '*', liveField, text),
        client.publish(this.key, text),
        client.pexpire(this.key, expiryMs),
      ]),
    );
  }

  /** All that waits, as the JSON of a `LiveEntry`: each event is written as JSON once. */
  private entry(): string {
    this.count += 1;
    const head = { type: 'events', turn_id: this.turnId, n: this.count } satisfies Partial<LiveEntry>;
    return `${JSON.stringify(head).slice(0, -1)},"events":[${this.take().join(',')}]}`;
  }

  private take(): string[] {
    const { waiting } = this;
    this.waiting = [];
    this.size = 0;
    return waiting;
  }
}

/** Makes the feed of each streamed turn. */
@Injectable()
export class LiveFeeds {
  constructor(private readonly redis: RedisConnection) {}

  of(tenantId: string, sessionId: string, turnId: string): LiveFeed {
    return new LiveFeed(this.redis, liveKey(tenantId, sessionId), turnId);
  }
}
