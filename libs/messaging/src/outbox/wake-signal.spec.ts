import { expect, it } from '@jest/globals';
import { WakeSignal } from './wake-signal.js';

const never = () => () => undefined;

it('ends a wait at once', async () => {
  const signal = new WakeSignal();
  const waiting = signal.wait(never);
  signal.wake();
  await waiting;
});

it('keeps one wake-up for the next wait, and only one', async () => {
  const signal = new WakeSignal();
  signal.wake();
  signal.wake();
  await signal.wait(never);

  let over = false;
  void signal.wait(never).then(() => (over = true));
  await new Promise(setImmediate);

  expect(over).toBe(false);
});

it('ends a wait when the timer fires, and calls the timer off when it does not', async () => {
  const signal = new WakeSignal();
  let cancelled = 0;
  const timer = (fire: () => void) => {
    setImmediate(fire);
    return () => void (cancelled += 1);
  };
  await signal.wait(timer);

  expect(cancelled).toBe(1);
});
