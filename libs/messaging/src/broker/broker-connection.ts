import { EventEmitter } from 'node:events';
import type { Log } from '@parley/service-kit';
import { connect, type ChannelModel, type RecoveringChannelModel } from 'amqplib';
import type { AmqpConfig } from '../config.js';

/** Both sides drop a silent connection after twice this. */
const heartbeatSeconds = 10;
const connectTimeoutMs = 10_000;
const backoff = { baseMs: 200, maxMs: 10_000 };

/** Exponential, with full jitter (AWS Architecture Blog, "Exponential Backoff And Jitter"). */
export const backoffMs = (attempt: number): number =>
  Math.random() * Math.min(backoff.maxMs, backoff.baseMs * 2 ** Math.min(attempt, 10));

/**
 * One connection to the broker that comes back by itself: amqplib's own recovery, with our delays and one log line per
 * loss and return. Emits `up` with each new connection.
 */
export class BrokerConnection extends EventEmitter<{ up: [ChannelModel]; down: []; unblocked: [] }> {
  /** The live connection, while there is one. */
  current: ChannelModel | undefined;
  /** Why the broker takes no messages at the moment, such as a memory alarm. */
  blockedBecause: string | undefined;
  private recovering: RecoveringChannelModel | undefined;
  private reported = false;
  private nextAttemptAt = 0;
  private closing = false;

  /** `name` shows in the broker's list of connections. */
  constructor(
    private readonly config: AmqpConfig,
    private readonly name: string,
    private readonly log: Log,
  ) {
    super();
  }

  /** What is wrong with it, for the health report. */
  get problem(): 'not_connected' | 'blocked' | undefined {
    if (this.current === undefined) return 'not_connected';
    return this.blockedBecause === undefined ? undefined : 'blocked';
  }

  /** Resolves at once; the connection follows. */
  async open(): Promise<void> {
    const url = new URL(this.config.AMQP_URL);
    if (!url.searchParams.has('heartbeat')) url.searchParams.set('heartbeat', String(heartbeatSeconds));
    const recovering = await connect(url.href, {
      recovery: { waitForConnect: false, calculateDelay: backoffMs },
      timeout: connectTimeoutMs,
      noDelay: true,
      keepAlive: true,
      clientProperties: { connection_name: this.name },
      ...(this.config.AMQP_CA !== undefined && { ca: [this.config.AMQP_CA] }),
    });
    this.recovering = recovering;
    recovering.on('connect', (model: ChannelModel) => this.isUp(model));
    recovering.on('disconnect', (err) => this.isDown(err));
    recovering.on('connect-failed', (err) => this.isDown(err));
    recovering.on('reconnect-scheduled', ({ delay }) => (this.nextAttemptAt = Date.now() + delay));
    recovering.on('blocked', (reason) => this.isBlocked(reason));
    recovering.on('unblocked', () => this.isUnblocked());
    // The loss itself arrives as `disconnect`; an `error` without a listener would end the process.
    recovering.on('error', () => undefined);
  }

  /**
   * Not in the middle of an attempt to connect: amqplib would then leave a connection behind on which nobody listens, whose
   * failure ends the process.
   */
  async close(): Promise<void> {
    const { recovering } = this;
    if (!recovering || this.closing) return;
    this.closing = true;
    if (this.current === undefined && Date.now() >= this.nextAttemptAt - 1) await attemptOf(recovering);
    this.current = undefined;
    await recovering.close();
  }

  private isUp(model: ChannelModel): void {
    if (this.closing) return;
    this.current = model;
    this.blockedBecause = undefined;
    this.log.info({ connection: this.name }, this.reported ? 'the broker is back' : 'connected to the broker');
    this.reported = false;
    this.emit('up', model);
  }

  private isDown(err: Error): void {
    this.current = undefined;
    if (!this.reported) this.log.warn({ err, connection: this.name }, 'the broker is unavailable; events wait');
    this.reported = true;
    this.emit('down');
  }

  private isBlocked(reason: string): void {
    this.blockedBecause = reason;
    this.log.warn({ reason, connection: this.name }, 'the broker takes no messages for now; events wait');
  }

  private isUnblocked(): void {
    this.blockedBecause = undefined;
    this.log.info({ connection: this.name }, 'the broker takes messages again');
    this.emit('unblocked');
  }
}

/** Resolves when the attempt under way has ended, whichever way. */
const attemptOf = (recovering: RecoveringChannelModel): Promise<void> =>
  new Promise((resolve) => {
    recovering.once('connect', () => resolve());
    recovering.once('connect-failed', () => resolve());
  });
