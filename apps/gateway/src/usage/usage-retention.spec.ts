import { expect, it } from '@jest/globals';
import { v7 as uuid, validate, version } from 'uuid';
import { lowestUuid } from './usage-retention.js';

const moment = Date.UTC(2026, 10, 21, 12);

it('the lowest id of a moment is below every id made in it, and above every earlier one', () => {
  const bound = lowestUuid(moment);
  expect([validate(bound), version(bound)]).toEqual([true, 7]);
  for (let i = 0; i < 100; i += 1) {
    expect(uuid({ msecs: moment }) >= bound).toBe(true);
    expect(uuid({ msecs: moment - 1 }) < bound).toBe(true);
  }
});
