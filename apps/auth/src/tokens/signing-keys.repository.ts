import { Injectable } from '@nestjs/common';
import { Database, type Transaction } from '@parley/persistence';
import type { KeyTimes } from './key-schedule.js';
import type { PublicJwk } from './signing-key.js';

export interface StoredKey extends KeyTimes {
  readonly publicJwk: PublicJwk;
  readonly sealedPrivateJwk: Buffer;
}

@Injectable()
export class SigningKeysRepository {
  constructor(private readonly database: Database) {}

  read(): Promise<StoredKey[]> {
    return this.inScope((tx) => this.list(tx));
  }

  /** All that would change the keys pass through here one by one. */
  exclusively<T>(fn: (tx: Transaction) => Promise<T>): Promise<T> {
    return this.inScope(async (tx) => {
      await tx.query(`select pg_advisory_xact_lock(hashtext('parley.auth.signing_keys'))`);
      return fn(tx);
    });
  }

  /** The last to sign comes first. */
  list(tx: Transaction): Promise<StoredKey[]> {
    return tx.query(
      `select public_jwk as "publicJwk", sealed_private_jwk as "sealedPrivateJwk", activates_at as "activatesAt",
              retires_at as "retiresAt"
       from signing_keys order by activates_at desc, key_id`,
    );
  }

  async add(tx: Transaction, key: StoredKey, createdAt: Date): Promise<void> {
    await tx.query(
      `insert into signing_keys (key_id, public_jwk, sealed_private_jwk, created_at, activates_at)
       values ($1, $2, $3, $4, $5)`,
      [key.publicJwk.kid, JSON.stringify(key.publicJwk), key.sealedPrivateJwk, createdAt, key.activatesAt],
    );
  }

  /** Keys that retire sooner stay as they are. */
  async retire(tx: Transaction, keys: readonly StoredKey[], at: Date): Promise<void> {
    await tx.query('update signing_keys set retires_at = least(retires_at, $2) where key_id = any($1)', [
      keys.map(({ publicJwk }) => publicJwk.kid),
      at,
    ]);
  }

  async deleteRetired(tx: Transaction, now: Date): Promise<void> {
    await tx.query('delete from signing_keys where retires_at <= $1', [now]);
  }

  private inScope<T>(fn: (tx: Transaction) => Promise<T>): Promise<T> {
    return this.database.inScope({ purpose: 'signing' }, fn);
  }
}
