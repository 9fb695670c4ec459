import { createHash } from 'node:crypto';

/** Hex digits of the fingerprint: enough to tell the models of one installation apart. */
const digits = 12;

/**
 * How a name is shown that a caller may have made up: what stands before the first slash is the platform's own, and the rest
 * becomes a fingerprint, the same in every instance, which tells nobody what a tenant has typed.
 */
export function fingerprinted(name: string): string {
  const own = name.slice(0, name.indexOf('/') + 1);
  return `${own}~${createHash('sha256').update(name).digest('hex').slice(0, digits)}`;
}
