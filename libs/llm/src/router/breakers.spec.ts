import { expect, it } from '@jest/globals';
import { Breakers } from './breakers.js';

it('forgets the model that was not asked for the longest time, and none that is in use', () => {
  const sut = new Breakers('a-provider', () => undefined);
  const used = sut.of('used');
  const idle = sut.of('idle');
  for (let model = 0; model < 999; model += 1) {
    sut.of(`model-${model}`);
    sut.of('used');
  }
  expect(sut.byModel.size).toBe(1_000);
  expect(sut.of('used')).toBe(used);
  expect(sut.of('idle')).not.toBe(idle);
});
