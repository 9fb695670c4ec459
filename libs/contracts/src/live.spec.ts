import { describe, expect, it } from '@jest/globals';
import { liveEntry, liveKey } from './live.js';

const turn_id = '00000000-0000-4000-8000-000000000001';

describe('the live stream of a session', () => {
  it('is one of its tenant, in one slot of Redis', () => {
    expect(liveKey('tenant', 'session')).toBe('parley:live:{tenant:session}');
  });

  it('counts its entries from 1, and has none without events', () => {
    const events = [{ type: 'end' }];
    const reads = (entry: object) => liveEntry.safeParse({ type: 'events', turn_id, n: 1, events, ...entry }).success;
    expect([reads({}), reads({ n: 0 }), reads({ events: [] })]).toEqual([true, false, false]);
  });
});
