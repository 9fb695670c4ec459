import type { PolicyEvent } from '../events.js';
import { ManualClock } from '../testing.js';
import { CircuitBreaker, type CircuitBreakerOptions } from './circuit-breaker.js';

export const broken = new Error('broken');
export const fails = () => Promise.reject(broken);
export const works = () => Promise.resolve('answer');

export function newBreaker(options: Partial<CircuitBreakerOptions> = {}) {
  const clock = new ManualClock();
  const sut = new CircuitBreaker({ name: 'auth', minimumCalls: 4, openMs: 1_000, clock, ...options });
  const changes: PolicyEvent[] = [];
  sut.on((event) => changes.push(event));
  const call = async (fn: () => Promise<string>, times = 1) => {
    for (let made = 0; made < times; made += 1) await sut.execute(fn).catch(() => undefined);
  };
  const takes = (ms: number, fn: () => Promise<string>) => async () => {
    await clock.advance(ms);
    return fn();
  };
  const opened = async () => call(fails, 4);
  return { sut, clock, changes, call, takes, opened };
}
