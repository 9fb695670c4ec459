import type { Clock } from '@parley/resilience';
import type { Log } from '@parley/service-kit';
import { Redis } from 'ioredis';
import type { RedisConfig } from './config.js';
import { redisOptions } from './redis-options.js';

/** Whoever hears a channel. */
export interface ChannelListener {
  onMessage(text: string): void;
  /** Redis is away: from now on messages may be missed. */
  onLost?(): void;
  /** Redis has confirmed the channel anew: what was published since `onLost` may be missed, from now on nothing is. */
  onBack?(): void;
}

interface Subscription {
  readonly channel: string;
  readonly listener: ChannelListener;
  state: 'pending' | 'confirmed' | 'lost' | 'left';
  /** Lets go of whoever waits for the first state after `pending`. */
  readonly settled: () => void;
}

/** How often a connection that says nothing is asked whether it is still there; unanswered, it is replaced after 3 s. */
const pingIntervalMs = 1_000;

/** The process's one connection for channels of Redis, made with the first subscription. It outlives outages of Redis. */
export class RedisSubscriptions {
  private readonly client: Redis;
  private readonly channels = new Map<string, Set<Subscription>>();
  /** A channel may be slow to confirm, but not for long to wait for. */
  private readonly patienceMs: number;
  private cancelPing = (): void => undefined;

  constructor(
    config: RedisConfig,
    private readonly clock: Clock,
    private readonly log: Pick<Log, 'error'>,
  ) {
    this.patienceMs = config.REDIS_COMMAND_TIMEOUT_MS;
    this.client = new Redis(config.REDIS_URL, {
      ...redisOptions(config),
      enableAutoPipelining: false,
      autoResubscribe: false,
      commandTimeout: undefined,
    });
    this.client.on('ready', () => this.connected());
    this.client.on('close', () => this.disconnected());
    this.client.on('message', (channel: string, text: string) => this.deliver(channel, text));
    // That Redis is away is told once, by the connection for commands.
    this.client.on('error', () => undefined);
  }

  /**
   * Resolves, with what ends it, once Redis has confirmed the subscription. Where Redis is away, or does not confirm
   * within the command timeout, it resolves after `onLost`, and `onBack` comes with the confirmation. Never rejects.
   */
  async subscribe(channel: string, listener: ChannelListener): Promise<() => void> {
    const { promise, resolve } = Promise.withResolvers<undefined>();
    const subscription: Subscription = { channel, listener, state: 'pending', settled: () => resolve(undefined) };
    this.join(subscription);
    const cancel = this.clock.setTimeout(() => lose(subscription), this.patienceMs);
    await promise;
    cancel();
    return () => this.leave(subscription);
  }

  close(): void {
    this.cancelPing();
    this.client.disconnect();
  }

  private join(subscription: Subscription): void {
    const { channel } = subscription;
    const others = this.channels.get(channel);
    if (others) others.add(subscription);
    else this.channels.set(channel, new Set([subscription]));
    if (this.client.status === 'ready') void this.confirm([subscription]);
    else if (this.client.status === 'wait') this.client.connect().catch(() => undefined);
  }

  /** Each subscription has a confirmation of its own: one that was asked for earlier may be followed by the channel's end. */
  private async confirm(subscriptions: readonly Subscription[]): Promise<void> {
    try {
      await this.client.subscribe(...new Set(subscriptions.map(({ channel }) => channel)));
    } catch {
      // The connection was lost: the next one asks for all channels.
      return;
    }
    for (const subscription of subscriptions) find(subscription);
  }

  private leave(subscription: Subscription): void {
    if (subscription.state === 'left') return;
    subscription.state = 'left';
    const { channel } = subscription;
    const others = this.channels.get(channel);
    others?.delete(subscription);
    if (others?.size !== 0) return;
    this.channels.delete(channel);
    if (this.client.status === 'ready') this.client.unsubscribe(channel).catch(() => undefined);
  }

  private deliver(channel: string, text: string): void {
    for (const { listener } of this.channels.get(channel) ?? [])
      try {
        listener.onMessage(text);
      } catch (err) {
        this.log.error({ err, channel }, 'a message of a Redis channel could not be handled');
      }
  }

  private connected(): void {
    if (this.channels.size > 0) void this.confirm(this.all());
    this.ping();
  }

  private disconnected(): void {
    this.cancelPing();
    for (const subscription of this.all()) lose(subscription);
  }

  private all(): Subscription[] {
    return [...this.channels.values()].flatMap((subscriptions) => [...subscriptions]);
  }

  /** An unanswered ping lets the socket time out. */
  private ping(): void {
    this.cancelPing = this.clock.setTimeout(() => {
      this.client.ping().catch(() => undefined);
      this.ping();
    }, pingIntervalMs);
  }
}

function find(subscription: Subscription): void {
  const { state, listener } = subscription;
  if (state === 'left') return;
  subscription.state = 'confirmed';
  subscription.settled();
  if (state === 'lost') listener.onBack?.();
}

function lose(subscription: Subscription): void {
  if (subscription.state === 'lost' || subscription.state === 'left') return;
  subscription.state = 'lost';
  subscription.listener.onLost?.();
  subscription.settled();
}
