import { Injectable } from '@nestjs/common';
import type { Transaction } from '@parley/persistence';
import { Clock } from '@parley/service-kit';
import { isRetired, KeySchedule, nextOf } from './key-schedule.js';
import { SealedBox } from './sealed-box.js';
import { generateSigningKey } from './signing-key.js';
import { SigningKeysRepository, type StoredKey } from './signing-keys.repository.js';

/** Makes the next signing key when it is due or asked for, and deletes those that nothing is verified with any more. */
@Injectable()
export class KeyRotation {
  constructor(
    private readonly repository: SigningKeysRepository,
    private readonly box: SealedBox,
    private readonly schedule: KeySchedule,
    private readonly clock: Clock,
  ) {}

  /** The keys as they are after what is due was done, by this instance or by another. */
  async settle(): Promise<StoredKey[]> {
    const keys = await this.repository.read();
    if (!this.isUnsettled(keys)) return keys;
    return this.repository.exclusively(async (tx) => {
      const locked = await this.repository.list(tx);
      // Another instance may have been first.
      if (this.schedule.isDue(locked, this.now())) await this.addNext(tx, locked);
      await this.repository.deleteRetired(tx, this.now());
      return this.repository.list(tx);
    });
  }

  /** The key that signs next, made now unless there is one. */
  rotate(): Promise<StoredKey> {
    return this.repository.exclusively(async (tx) => {
      const keys = await this.repository.list(tx);
      return nextOf(keys, this.now()) ?? this.addNext(tx, keys);
    });
  }

  /** For a key that has leaked: a new one signs at once, and what any other has signed is refused. */
  replaceNow(): Promise<StoredKey> {
    return this.repository.exclusively(async (tx) => {
      await this.repository.retire(tx, await this.repository.list(tx), this.now());
      return this.add(tx, this.now());
    });
  }

  private isUnsettled(keys: readonly StoredKey[]): boolean {
    return this.schedule.isDue(keys, this.now()) || keys.some((key) => isRetired(key, this.now()));
  }

  private async addNext(tx: Transaction, keys: readonly StoredKey[]): Promise<StoredKey> {
    const next = await this.add(tx, this.schedule.activationOf(keys, this.now()));
    await this.repository.retire(tx, keys, this.schedule.retirementOf(next.activatesAt));
    return next;
  }

  private async add(tx: Transaction, activatesAt: Date): Promise<StoredKey> {
    const { publicJwk, privateJwk } = generateSigningKey();
    const sealedPrivateJwk = this.box.seal(JSON.stringify(privateJwk), publicJwk.kid);
    const key = { publicJwk, sealedPrivateJwk, activatesAt, retiresAt: null };
    await this.repository.add(tx, key, this.now());
    return key;
  }

  private now(): Date {
    return new Date(this.clock.now());
  }
}
