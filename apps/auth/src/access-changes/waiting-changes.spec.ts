import { randomUUID } from 'node:crypto';
import { expect, it } from '@jest/globals';
import type { AccessChange } from '@parley/contracts';
import { WaitingChanges } from './waiting-changes.js';

const now = Date.UTC(2026, 0, 1);
const many = (count: number, livesMs = 60_000): AccessChange[] =>
  Array.from({ length: count }, () => ({
    kind: 'login_ended',
    ...{ id: randomUUID(), until: new Date(now + livesMs).toISOString() },
  }));

/** What comes next, batch by batch, as it is written. */
function drain(sut: WaitingChanges) {
  const batches = [];
  for (let batch = sut.next(); batch; batch = sut.next()) {
    batches.push({ tenant: batch.tenantId, changes: batch.texts.length, lost: batch.lost });
    sut.written(batch);
  }
  return batches;
}

it('a tenant with many waits behind one with few, 500 at a time', () => {
  const sut = new WaitingChanges();
  sut.add('many', many(1_001));
  sut.add('few', many(2));

  expect(drain(sut)).toEqual([
    { tenant: 'many', changes: 500, lost: false },
    { tenant: 'few', changes: 2, lost: false },
    { tenant: 'many', changes: 500, lost: false },
    { tenant: 'many', changes: 1, lost: false },
  ]);
});

it('of more than 10,000 the tenant with the most loses its own, and is told of as such once', () => {
  const sut = new WaitingChanges();
  sut.add('few', many(4_000));
  sut.add('most', many(6_001));

  expect(sut.bound(now)).toEqual(['most']);
  sut.add('most', many(1));

  const batches = drain(sut).filter(({ tenant }) => tenant === 'most');
  expect(batches).toEqual([{ tenant: 'most', changes: 1, lost: true }]);
  sut.add('most', many(1));
  expect(sut.next()).toMatchObject({ lost: false });
});

it('what concerns no token any more is dropped, and that something was lost too', () => {
  const sut = new WaitingChanges();
  sut.add('most', many(10_001));
  sut.bound(now);
  sut.add('other', many(1));
  expect(sut.next()).toMatchObject({ tenantId: 'most', texts: [], lost: true });

  sut.bound(now + 60_000);

  expect(sut.next()).toBeUndefined();
});
