import { liveField, liveKey, type LiveEntry, type StreamEvent } from '@parley/contracts';
import type { TestRedis } from '@parley/testing';

/** Feeds the answer of one turn to its readers, as a gateway does. */
export class Feed {
  private n = 0;
  private readonly key: string;

  constructor(
    private readonly redis: TestRedis,
    tenantId: string,
    sessionId: string,
    private readonly turnId: string,
  ) {
    this.key = liveKey(tenantId, sessionId);
  }

  /** The beginning of an answer with one text. */
  start(): Promise<void> {
    return this.send(
      { type: 'start', id: 'msg', model: 'a-model-2026', created: 0, dropped: [] },
      { type: 'block_start', index: 0, block: { type: 'text', text: '' } },
    );
  }

  say(text: string): Promise<void> {
    return this.send({ type: 'delta', index: 0, delta: { type: 'text', text } });
  }

  /** Counted, and not sent. */
  lose(): void {
    this.n += 1;
  }

  async send(...events: StreamEvent[]): Promise<void> {
    this.n += 1;
    const entry: LiveEntry = { type: 'events', turn_id: this.turnId, n: this.n, events };
    const text = JSON.stringify(entry);
    const { client } = this.redis;
    await client.pipeline().xadd(this.key, 'NOMKSTREAM', '*', liveField, text).publish(this.key, text).exec();
  }
}
