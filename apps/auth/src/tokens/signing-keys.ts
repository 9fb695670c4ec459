import type { JsonWebKey } from 'node:crypto';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { Jwks } from '@parley/contracts';
import { JwksSource } from '@parley/identity';
import { Clock } from '@parley/service-kit';
import { SealedBox } from './sealed-box.js';
import { generateSigningKey, toSigningKey, type SigningKey } from './signing-key.js';
import { SigningKeysRepository, type StoredKey } from './signing-keys.repository.js';

/** The keys that sign tokens. The first instance to start makes one; all others load it, and keep it while they run. */
@Injectable()
export class SigningKeys extends JwksSource implements OnModuleInit {
  private keys: readonly SigningKey[] = [];

  constructor(
    private readonly repository: SigningKeysRepository,
    private readonly box: SealedBox,
    private readonly clock: Clock,
  ) {
    super();
  }

  /** @throws Error when a stored key does not open: this instance has another AUTH_ENCRYPTION_KEY than the one that made it. */
  async onModuleInit(): Promise<void> {
    const stored = await this.repository.exclusively(async (tx) => {
      const existing = await this.repository.list(tx);
      if (existing.length > 0) return existing;
      const first = this.generate();
      await this.repository.add(tx, first, new Date(this.clock.now()));
      return [first];
    });
    this.keys = stored.map((key) => this.open(key));
  }

  /** The newest key; every token is signed with it. */
  get current(): SigningKey {
    const [newest] = this.keys;
    if (!newest) throw new Error('The signing keys are not loaded yet');
    return newest;
  }

  /** The public halves, as `/.well-known/jwks.json` answers them. */
  async fetch(): Promise<Jwks> {
    return { keys: this.keys.map((key) => key.publicJwk) };
  }

  private generate(): StoredKey {
    const { publicJwk, privateJwk } = generateSigningKey();
    return { publicJwk, sealedPrivateJwk: this.box.seal(JSON.stringify(privateJwk), publicJwk.kid) };
  }

  private open({ publicJwk, sealedPrivateJwk }: StoredKey): SigningKey {
    try {
      const privateJwk = JSON.parse(this.box.open(sealedPrivateJwk, publicJwk.kid)) as JsonWebKey;
      return toSigningKey(publicJwk, privateJwk);
    } catch (cause) {
      const message = `Signing key ${publicJwk.kid} does not open: AUTH_ENCRYPTION_KEY is not the one that sealed it`;
      throw new Error(message, { cause });
    }
  }
}
