import type { JsonWebKey } from 'node:crypto';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { Jwks } from '@parley/contracts';
import { JwksSource } from '@parley/identity';
import { Clock, Log, RecurringTask, Shutdown } from '@parley/service-kit';
import { KeyRotation } from './key-rotation.js';
import { currentOf, isRetired } from './key-schedule.js';
import { SealedBox } from './sealed-box.js';
import { toSigningKey, type SigningKey } from './signing-key.js';
import type { StoredKey } from './signing-keys.repository.js';

/** How soon an instance knows a key that another made, or that was asked for by command. Far less than a key's lead. */
const reloadEveryMs = 2_000;

/** The keys that sign tokens, as all instances share them (docs/adr/0021). While the database is away the known ones stay. */
@Injectable()
export class SigningKeys extends JwksSource implements OnModuleInit {
  private keys: readonly SigningKey[] = [];

  constructor(
    private readonly rotation: KeyRotation,
    private readonly box: SealedBox,
    private readonly clock: Clock,
    private readonly log: Log,
    private readonly shutdown: Shutdown,
  ) {
    super();
  }

  /** @throws Error when a stored key does not open: this instance has another AUTH_ENCRYPTION_KEY than the one that made it. */
  async onModuleInit(): Promise<void> {
    await this.reload();
    new RecurringTask({
      clock: this.clock,
      log: this.log,
      shutdown: this.shutdown,
      everyMs: reloadEveryMs,
      run: () => this.reload(),
      complaint: 'signing keys could not be reloaded; those that are known stay',
    }).start();
  }

  /** The key that every token is signed with at this moment. */
  get current(): SigningKey {
    const current = currentOf(this.keys, this.now());
    if (!current) throw new Error('There is no signing key');
    return current;
  }

  /** The public halves, as `/.well-known/jwks.json` answers them: of keys that will sign, that sign, and that have signed. */
  async fetch(): Promise<Jwks> {
    const trusted = this.keys.filter((key) => !isRetired(key, this.now()));
    return { keys: trusted.map(({ publicJwk }) => publicJwk) };
  }

  private async reload(): Promise<void> {
    this.keys = (await this.rotation.settle()).map((stored) => this.open(stored));
  }

  private open(stored: StoredKey): SigningKey {
    const { publicJwk, sealedPrivateJwk, activatesAt, retiresAt } = stored;
    try {
      const privateJwk = JSON.parse(this.box.open(sealedPrivateJwk, publicJwk.kid)) as JsonWebKey;
      return toSigningKey(publicJwk, privateJwk, { activatesAt, retiresAt });
    } catch (cause) {
      const message = `Signing key ${publicJwk.kid} does not open: AUTH_ENCRYPTION_KEY is not the one that sealed it`;
      throw new Error(message, { cause });
    }
  }

  private now(): Date {
    return new Date(this.clock.now());
  }
}
