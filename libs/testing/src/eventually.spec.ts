import { expect, it } from '@jest/globals';
import { eventually } from './eventually.js';

it('answers the first result that comes without a failure', async () => {
  let calls = 0;
  const attempt = () => {
    calls += 1;
    if (calls < 3) throw new Error('not yet');
    return calls;
  };

  expect(await eventually(attempt, { intervalMs: 1 })).toBe(3);
});

it('rejects with the last failure when the time is over', async () => {
  await expect(eventually(() => Promise.reject(new Error('never')), { timeoutMs: 20, intervalMs: 1 })).rejects.toThrow(
    'never',
  );
});
