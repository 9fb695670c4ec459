import { hash, randomBytes } from 'node:crypto';
import { AppError } from '@parley/contracts';
import { validate as isUuid } from 'uuid';

/** The credential of one turn, and the hash that is all we keep of it. */
export interface Lease {
  readonly lease: string;
  readonly leaseHash: string;
}

export function newLease(tenantId: string): Lease {
  const lease = `${tenantId}.${randomBytes(32).toString('base64url')}`;
  return { lease, leaseHash: hash('sha256', lease) };
}

/** Whose a lease says it is, which the hash is then to prove. @throws AppError turn.not_found when it is no lease. */
export function readLease(lease: string): { readonly tenantId: string; readonly leaseHash: string } {
  const tenantId = lease.slice(0, lease.indexOf('.'));
  if (!isUuid(tenantId)) throw new AppError('turn.not_found');
  return { tenantId, leaseHash: hash('sha256', lease) };
}
