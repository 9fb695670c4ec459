import { hash } from 'node:crypto';

/**
 * What tokens name the secret by that they were got with, so that they can be ended with it: a UUID of version 8 (RFC 9562 §5.8)
 * made of the digest that is stored. Times could not tell them apart: tokens have whole seconds, and clocks differ.
 */
export function secretIdOf(digest: string): string {
  const hex = hash('sha256', `secret-id:${digest}`);
  return [hex.slice(0, 8), hex.slice(8, 12), `8${hex.slice(12, 15)}`, `8${hex.slice(15, 18)}`, hex.slice(18, 30)].join(
    '-',
  );
}

/** The digests of the secret of now and of the one before it. */
export interface SecretPair {
  readonly current: string;
  readonly previous: string | null;
}

/** The ids of the secrets that work no longer once another takes the place of the `current` one. */
export function endedSecrets({ current, previous }: SecretPair, overlaps: boolean): string[] {
  const ended = overlaps ? [previous] : [current, previous];
  return ended.filter((digest) => digest !== null).map(secretIdOf);
}
