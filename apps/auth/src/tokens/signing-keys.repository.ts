import { Injectable } from '@nestjs/common';
import { Database, type Transaction } from '@parley/persistence';
import type { PublicJwk } from './signing-key.js';

export interface StoredKey {
  readonly publicJwk: PublicJwk;
  readonly sealedPrivateJwk: Buffer;
}

@Injectable()
export class SigningKeysRepository {
  constructor(private readonly database: Database) {}

  /** Instances that start at the same time pass through here one by one. */
  exclusively<T>(fn: (tx: Transaction) => Promise<T>): Promise<T> {
    return this.database.inScope({ purpose: 'signing' }, async (tx) => {
      await tx.query(`select pg_advisory_xact_lock(hashtext('parley.auth.signing_keys'))`);
      return fn(tx);
    });
  }

  /** Newest first. */
  list(tx: Transaction): Promise<StoredKey[]> {
    return tx.query(
      `select public_jwk as "publicJwk", sealed_private_jwk as "sealedPrivateJwk" from signing_keys
       order by created_at desc, key_id`,
    );
  }

  async add(tx: Transaction, key: StoredKey, createdAt: Date): Promise<void> {
    await tx.query(
      'insert into signing_keys (key_id, public_jwk, sealed_private_jwk, created_at) values ($1, $2, $3, $4)',
      [key.publicJwk.kid, JSON.stringify(key.publicJwk), key.sealedPrivateJwk, createdAt],
    );
  }
}
