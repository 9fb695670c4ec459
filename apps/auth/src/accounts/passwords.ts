import { randomBytes } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { Injectable } from '@nestjs/common';
import { hash, verify } from '@node-rs/argon2';
import { Bulkhead } from '@parley/resilience';

/**
 * argon2id with 19 MiB, two passes and one lane: the least that the OWASP Password Storage Cheat Sheet recommends.
 * argon2id is the library's default algorithm.
 */
const parameters = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

/** libuv has four threads for all blocking work of the process; hashing leaves one of them free. */
const maxThreads = 3;

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
  private readonly nobodys = this.hash(randomBytes(32).toString('base64url'));

  /** With a salt of its own, in PHC format. */
  hash(password: string): Promise<string> {
    return this.hashing.execute(() => hash(password, parameters));
  }

  /** Does the same work whether there is a hash to compare with or not; without one the answer is false. */
  async matches(password: string, passwordHash: string | undefined): Promise<boolean> {
    const compared = passwordHash ?? (await this.nobodys);
    const same = await this.hashing.execute(() => verify(compared, password));
    return same && passwordHash !== undefined;
  }
}
