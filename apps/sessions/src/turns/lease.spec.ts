import { expect, it } from '@jest/globals';
import { newLease, readLease } from './lease.js';

const tenantId = '0198c0de-0000-4000-8000-000000000001';

it('a lease says whose it is and leads to the hash that is kept, and no two are alike', () => {
  const [one, two] = [newLease(tenantId), newLease(tenantId)];
  expect(readLease(one.lease)).toEqual({ tenantId, leaseHash: one.leaseHash });
  expect(two.leaseHash).not.toBe(one.leaseHash);
  expect(one.lease.split('.')[1]).toHaveLength(43);
});

it.each(['', '.', 'x.y', tenantId.slice(1), `' or true --.x`])('what is no lease is turn.not_found: %j', (lease) => {
  expect(() => readLease(lease)).toThrow(expect.objectContaining({ code: 'turn.not_found' }));
});
