import { expect, it } from '@jest/globals';
import { turnRecordId } from './turn-usage.js';
import { usageRecord } from './events/usage-recorded.js';

it('the record of a turn has an id of its own, that is the turn’s and stays in its place in time', () => {
  const earlier = turnRecordId('019c0f8e-7f3a-7c11-8a55-2f1c7d1f0a14');
  expect(earlier).toBe('019c0f8e-7f3a-8c11-8a55-2f1c7d1f0a14');
  expect(usageRecord.shape.id.safeParse(earlier).success).toBe(true);
  expect(earlier < turnRecordId('019c0f8e-7f3b-7000-8a55-2f1c7d1f0a14')).toBe(true);
});
