import { createDecipheriv, createPrivateKey, type JsonWebKey, type KeyObject } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { databaseOf, query } from '../database.ts';

export interface StolenKey {
  readonly keyId: string;
  readonly privateKey: KeyObject;
}

/**
 * The key that the platform under test signs with at the moment, as somebody has it who holds both the database and
 * AUTH_ENCRYPTION_KEY: what is signed with it shows what the claims alone are refused for.
 */
export async function stealSigningKey(): Promise<StolenKey> {
  const secrets = readFileSync(join(process.env['PARLEY_HOME'] ?? '', 'secrets.json'), 'utf8');
  const { auth_encryption_key } = JSON.parse(secrets) as { auth_encryption_key: string };
  const [row] = await query<{ key_id: string; sealed_private_jwk: Buffer }>(
    databaseOf(process.env, 'auth'),
    `select key_id, sealed_private_jwk from signing_keys
     where coalesce(activates_at, created_at) <= now() order by coalesce(activates_at, created_at) desc limit 1`,
  );
  if (!row) throw new Error('the platform has no signing key');
  const jwk = JSON.parse(open(row.sealed_private_jwk, auth_encryption_key, row.key_id)) as JsonWebKey;
  return { keyId: row.key_id, privateKey: createPrivateKey({ key: jwk, format: 'jwk' }) };
}

/** AES-256-GCM: 12 bytes of nonce, 16 of tag, the ciphertext; bound to the key's id. */
function open(sealed: Buffer, key: string, context: string): string {
  const decipher = createDecipheriv('aes-256-gcm', Buffer.from(key, 'base64'), sealed.subarray(0, 12));
  decipher.setAAD(Buffer.from(context));
  decipher.setAuthTag(sealed.subarray(12, 28));
  return Buffer.concat([decipher.update(sealed.subarray(28)), decipher.final()]).toString('utf8');
}
