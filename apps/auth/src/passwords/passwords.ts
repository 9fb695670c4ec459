import { randomBytes } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { Injectable } from '@nestjs/common';
import { hash, verify } from '@node-rs/argon2';
import { Bulkhead } from '@parley/resilience';
import { Metrics, type CounterChild, type Labelled } from '@parley/service-kit';
import { PasswordParameters } from './password-parameters.js';

/** libuv has four threads for all blocking work of the process; hashing leaves one of them free. */
const maxThreads = 3;

/** What a hash of ours begins with (PHC string format); another kind has other parameters. */
const phc = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=1\$/;

/** Hashes and verifies passwords, a bounded number at a time, so that a flood of logins leaves the process responsive. */
@Injectable()
export class Passwords {
  private readonly hashing = new Bulkhead({
    name: 'passwords',
    maxConcurrent: Math.min(availableParallelism(), maxThreads),
    maxQueued: 200,
    queueTimeoutMs: 5_000,
  });
  /** What a password is compared with where there is no account, so that the answer takes as long. */
  private readonly nobodys: Promise<string>;
  private readonly checks: Labelled<'compared', CounterChild>;

  constructor(
    private readonly parameters: PasswordParameters,
    metrics: Metrics,
  ) {
    this.nobodys = this.hash(randomBytes(32).toString('base64url'));
    this.checks = metrics.counter({
      name: 'password_checks_total',
      help: 'Passwords that were verified, by whose hash: an account’s, or nobody’s where there is none',
      labels: ['compared'],
    });
  }

  /** With a salt of its own, in PHC format. */
  hash(password: string): Promise<string> {
    const { memoryKib, passes } = this.parameters;
    // argon2id is the library's default algorithm.
    const options = { memoryCost: memoryKib, timeCost: passes, parallelism: 1 };
    return this.hashing.execute(() => hash(password, options));
  }

  /** Does the same work whether there is a hash to compare with or not; without one the answer is false. */
  async matches(password: string, passwordHash: string | undefined): Promise<boolean> {
    const compared = passwordHash ?? (await this.nobodys);
    const same = await this.hashing.execute(() => verify(compared, password));
    this.checks.with({ compared: passwordHash === undefined ? 'nobody' : 'account' }).inc();
    return same && passwordHash !== undefined;
  }

  /** Whether a hash is weaker than one made today. */
  isOutdated(passwordHash: string): boolean {
    const [, memoryKib, passes] = phc.exec(passwordHash) ?? [];
    return !(Number(memoryKib) >= this.parameters.memoryKib && Number(passes) >= this.parameters.passes);
  }
}
