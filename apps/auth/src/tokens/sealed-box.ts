import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

const algorithm = 'aes-256-gcm';
/** NIST SP 800-38D §8.2.2: 96 random bits are safe for 2^32 messages under one key; we seal a handful. */
const nonceBytes = 12;
const tagBytes = 16;

/** Encrypts what lies in the database, so that a copy of it gives nobody the keys. Sealed text is nonce, tag, ciphertext. */
export class SealedBox {
  /** `key` has 32 bytes. */
  constructor(private readonly key: Buffer) {}

  /** `context` is authenticated too, so that a sealed text cannot be moved to another row. */
  seal(plain: string, context: string): Buffer {
    const nonce = randomBytes(nonceBytes);
    const cipher = createCipheriv(algorithm, this.key, nonce, { authTagLength: tagBytes });
    cipher.setAAD(Buffer.from(context));
    const ciphertext = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()]);
    return Buffer.concat([nonce, cipher.getAuthTag(), ciphertext]);
  }

  /** @throws Error when the key or the context is another one, or a bit was changed. */
  open(sealed: Buffer, context: string): string {
    const decipher = createDecipheriv(algorithm, this.key, sealed.subarray(0, nonceBytes), { authTagLength: tagBytes });
    decipher.setAAD(Buffer.from(context));
    decipher.setAuthTag(sealed.subarray(nonceBytes, nonceBytes + tagBytes));
    return Buffer.concat([decipher.update(sealed.subarray(nonceBytes + tagBytes)), decipher.final()]).toString('utf8');
  }
}
