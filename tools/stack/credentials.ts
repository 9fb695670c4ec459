import { randomBytes } from 'node:crypto';
import { mintDemoKey } from './demo-key.ts';
import type { Secrets } from './secrets.ts';

/** What the first owner logs in with and the demo key, made once per home. */
export interface Credentials {
  readonly email: string;
  readonly password: string;
  readonly apiKey: string;
  /** Encrypts auth's signing keys at rest. */
  readonly encryptionKey: string;
}

export const credentialsOf = (secrets: Secrets): Credentials => ({
  email: secrets.get('owner_email', () => 'owner@example.com'),
  password: secrets.get('owner_password'),
  apiKey: secrets.get('demo_api_key', mintDemoKey),
  encryptionKey: secrets.get('auth_encryption_key', () => randomBytes(32).toString('base64')),
});
