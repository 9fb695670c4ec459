import { expect, it } from '@jest/globals';
import { turnRecordId } from '@parley/contracts';
import { v7 as uuid, validate, version } from 'uuid';
import { lowestUuid } from './usage-retention.js';

const moment = Date.UTC(2026, 10, 21, 12);

it('the lowest id of a moment is below every id made in it, also of a turn’s record, and above every earlier one', () => {
  const bound = lowestUuid(moment);
  expect([validate(bound), version(bound)]).toEqual([true, 7]);
  for (let i = 0; i < 100; i += 1) {
    const [old, kept] = [uuid({ msecs: moment - 1 }), uuid({ msecs: moment })];
    expect([kept >= bound, turnRecordId(kept) >= bound]).toEqual([true, true]);
    expect([old < bound, turnRecordId(old) < bound]).toEqual([true, true]);
  }
});
