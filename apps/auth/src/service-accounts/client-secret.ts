import { hash, randomBytes, timingSafeEqual } from 'node:crypto';

/** 256 random bits, so that a plain digest is enough to store. The prefix lets secret scanners know it. */
export const mintClientSecret = (): string => `pls_${randomBytes(32).toString('base64url')}`;

/** What is stored and compared in the secret's place. */
export const digestOf = (secret: string): string => hash('sha256', secret);

/** The digests of the secrets that a client may use, as stored. */
export interface SecretDigests {
  readonly current: string;
  readonly previous: string | null;
  readonly previousExpiresAt: Date | null;
}

/** The digest of no secret. */
const nobody = '0'.repeat(64);

/** Takes as long whether there is a client or not, and whichever of its secrets was given. */
export function isSecretOf(client: SecretDigests | undefined, secret: string, now: Date): boolean {
  const given = Buffer.from(digestOf(secret));
  const equals = (digest: string | null | undefined) => timingSafeEqual(given, Buffer.from(digest ?? nobody));
  const [current, previous] = [equals(client?.current), equals(client?.previous)];
  const overlaps = (client?.previousExpiresAt?.getTime() ?? 0) > now.getTime();
  return current || (previous && overlaps);
}
