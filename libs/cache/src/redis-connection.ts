import type { Clock } from '@parley/resilience';
import type { Log } from '@parley/service-kit';
import { Redis } from 'ioredis';
import type { RedisConfig } from './config.js';
import { redisOptions } from './redis-options.js';

/** How often a connection that went silent is asked whether it works again. */
const probeIntervalMs = 250;

/** Redis is known to be away, so nothing was sent. */
class RedisUnavailable extends Error {
  override readonly name = 'RedisUnavailable';
}

/**
 * The process's one connection to Redis. It knows whether Redis works, so that while it does not, nobody waits for a
 * timeout: only the first commands to fail pay for one, from then on a probe of our own waits for Redis to return.
 */
export class RedisConnection {
  readonly client: Redis;
  private working = false;
  /** Undefined before the first connection attempt has ended. */
  private reported: boolean | undefined;
  private closed = false;
  private cancelProbe = (): void => undefined;

  constructor(
    config: RedisConfig,
    private readonly clock: Clock,
    private readonly log: Log,
  ) {
    this.client = new Redis(config.REDIS_URL, redisOptions(config));
    this.client.on('ready', () => this.found());
    this.client.on('close', () => this.lost());
    this.client.on('error', (err: unknown) => this.report(false, err));
  }

  /** False from a command's timeout, or the loss of the connection, until Redis answers again. */
  get available(): boolean {
    return this.working;
  }

  /** Connects for the first time. Never throws: without Redis the service starts, and goes on trying. */
  async connect(): Promise<void> {
    await this.client.connect().catch(() => undefined);
  }

  /**
   * Runs a command where Redis is available.
   * @throws RedisUnavailable at once where it is not, else what the command throws: after its timeout at the latest.
   */
  async run<T>(command: (client: Redis) => Promise<T>): Promise<T> {
    if (!this.working) throw new RedisUnavailable('Redis is not available');
    try {
      return await command(this.client);
    } catch (error) {
      if (isTimeout(error)) this.suspect();
      throw error;
    }
  }

  /** @throws where Redis does not answer; for the health report. */
  async check(): Promise<void> {
    await this.run((client) => client.ping());
  }

  close(): void {
    this.closed = true;
    this.cancelProbe();
    this.client.disconnect();
  }

  /** A timeout is no proof: the connection is set aside until a probe of it is answered. */
  private suspect(): void {
    if (!this.working) return;
    this.working = false;
    void this.probe();
  }

  private async probe(): Promise<void> {
    try {
      await this.client.ping();
      this.found();
    } catch (error) {
      this.report(false, error);
      if (this.client.status !== 'ready') return;
      this.cancelProbe = this.clock.setTimeout(() => void this.probe(), probeIntervalMs);
    }
  }

  private found(): void {
    this.cancelProbe();
    this.working = true;
    this.report(true);
  }

  private lost(): void {
    this.cancelProbe();
    this.working = false;
  }

  private report(works: boolean, err?: unknown): void {
    // How a connection ends that we close ourselves is no news.
    if (this.closed || this.reported === works) return;
    const first = this.reported === undefined;
    this.reported = works;
    if (!works)
      this.log.warn({ err }, 'Redis does not answer; caches miss and limits are kept per instance until it does');
    else if (!first) this.log.info('Redis answers again');
  }
}

const isTimeout = (error: unknown): boolean => error instanceof Error && error.message === 'Command timed out';
