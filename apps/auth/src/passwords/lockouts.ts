import { hash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { RedisConnection } from '@parley/cache';
import { AppError } from '@parley/contracts';
import { networkOf } from '@parley/limits';
import { Clock } from '@parley/service-kit';
import { normalizeEmail } from '../accounts/account.js';
import { Lines } from './lines.js';
import { LocalTries } from './local-tries.js';
import type { LockoutRule, Tries } from './lockout.js';
import { LockoutOptions } from './lockout.options.js';
import { RedisTries } from './redis-tries.js';
import type { Counted, TriesStore } from './tries.js';

/** Whose password is given, and from where. */
export interface Guess {
  /** Whether an account has it or not. */
  readonly email: string;
  /** The client's. */
  readonly address: string;
}

const accountKey = (email: string): string => `account:${hash('sha256', normalizeEmail(email))}`;

/** Half of the tries that are free, so that two instances together do not use them up with right passwords. */
const lineOf = ({ delayedFrom }: LockoutRule): Lines =>
  new Lines({ maxConcurrent: Math.max(1, Math.floor(delayedFrom / 2)), maxQueued: 200, queueTimeoutMs: 5_000 });

/**
 * Makes whoever guesses passwords wait, longer with each wrong one, by the account and by the client's address
 * (docs/adr/0020). Counted by all instances together, or by each for itself while Redis is away.
 */
@Injectable()
export class Lockouts {
  private readonly shared: TriesStore;
  private readonly own: TriesStore;
  private readonly accountLines: Lines;
  private readonly addressLines: Lines;

  constructor(
    private readonly redis: RedisConnection,
    clock: Clock,
    private readonly options: LockoutOptions,
  ) {
    this.shared = new RedisTries(redis);
    this.own = new LocalTries(clock);
    this.accountLines = lineOf(options.account);
    this.addressLines = lineOf(options.address);
  }

  /**
   * Runs a check of one password, which answers undefined where it is wrong. One that throws counts neither way.
   * @throws AppError login.locked, and nothing was checked, where the account or the address has to wait.
   */
  guard<T>({ email, address }: Guess, check: () => Promise<T | undefined>): Promise<T | undefined> {
    const account = { key: accountKey(email), ...this.options.account };
    const from = { key: `address:${networkOf(address)}`, ...this.options.address };
    return this.addressLines.run(from.key, () =>
      this.accountLines.run(account.key, () => this.checkOnce(account, from, check)),
    );
  }

  /** Lets the account's next password be tried at once. @throws AppError service.unavailable while Redis is away. */
  async unlock(email: string): Promise<void> {
    const key = accountKey(email);
    await this.own.forget(key);
    try {
      await this.shared.forget(key);
    } catch (cause) {
      throw new AppError('service.unavailable', { cause, internal: 'an account was not unlocked in Redis' });
    }
  }

  private async checkOnce<T>(account: Counted, from: Counted, check: () => Promise<T | undefined>) {
    const { store, tries } = await this.take([account, from]);
    const [ofAccount, ofAddress] = tries;
    let result: T | undefined;
    try {
      result = await check();
    } catch (error) {
      await takeBack(store, account, ofAccount);
      await takeBack(store, from, ofAddress);
      throw error;
    }
    if (result !== undefined) {
      await Promise.all([store.forget(account.key).catch(() => undefined), takeBack(store, from, ofAddress)]);
    }
    return result;
  }

  private async take(counted: readonly Counted[]): Promise<{ store: TriesStore; tries: readonly Tries[] }> {
    const store = this.redis.available ? this.shared : this.own;
    const taken = await store.take(counted).catch(() => this.own.take(counted));
    if (!taken.allowed) throw new AppError('login.locked', { retryAfterMs: taken.retryAfterMs });
    return { store, tries: taken.tries };
  }
}

/** One that stays counted because Redis went away is forgotten in time. */
async function takeBack(store: TriesStore, counted: Counted, made: Tries | undefined): Promise<void> {
  if (made) await store.takeBack(counted, made).catch(() => undefined);
}
