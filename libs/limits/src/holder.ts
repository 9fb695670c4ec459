import type { Identity } from '@parley/contracts';

/** Whose limits a call counts against: those of the key that it was made with, or else of the caller. */
export const holderOf = ({ tenantId, keyId, subject }: Pick<Identity, 'tenantId' | 'keyId' | 'subject'>): string =>
  `${tenantId}:${keyId ?? subject}`;
