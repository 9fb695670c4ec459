import { describe, expect, it } from '@jest/globals';
import { CircuitBreaker } from '@parley/resilience';
import { ManualClock } from '@parley/resilience/testing';
import { CircuitBreakers } from './circuit-breakers.js';

const fails = () => Promise.reject(new Error('broken'));

/** Breakers `auth/a` and `acme/model`; two failures open one for a second. */
function newBreakers() {
  const clock = new ManualClock(Date.parse('2026-01-01T00:00:00Z'));
  const breakerOf = (name: string) => new CircuitBreaker({ name, minimumCalls: 2, openMs: 1_000, clock });
  const [service, model] = [breakerOf('auth/a'), breakerOf('acme/model')];
  const sut = new CircuitBreakers();
  sut.register(() => [{ breaker: service, namedByCaller: false }]);
  sut.register(() => new Set([{ breaker: model, namedByCaller: true }]));
  const open = async (breaker: CircuitBreaker) => {
    for (let call = 0; call < 2; call += 1) await breaker.execute(fails).catch(() => undefined);
  };
  return { sut, clock, service, model, open };
}

const untouched = { calls: 0, failures: 0, slow: 0, refused: 0 };

describe('the circuit breakers of a process', () => {
  it('are those of every source, as they are when somebody looks', async () => {
    const { sut, clock, model, open } = newBreakers();
    await open(model);
    await model.execute(fails).catch(() => undefined);
    const closed = { state: 'closed', retry_at: null, counts: untouched, last_change: null };
    const opened = {
      state: 'open',
      retry_at: '2026-01-01T00:00:01.000Z',
      counts: { calls: 2, failures: 2, slow: 0, refused: 1 },
      last_change: { at: '2026-01-01T00:00:00.000Z', from: 'closed', to: 'open' },
    };
    expect(sut.list()).toEqual([
      { name: 'auth/a', named_by_caller: false, ...closed },
      { name: 'acme/model', named_by_caller: true, ...opened },
    ]);

    await clock.advance(1_000);
    void model.execute(() => new Promise(() => undefined));
    expect(sut.list()[1]).toMatchObject({
      state: 'half_open',
      retry_at: null,
      last_change: { at: '2026-01-01T00:00:01.000Z', from: 'open', to: 'half_open' },
    });
  });

  it('are reset by name, and no other with them', async () => {
    const { sut, service, model, open } = newBreakers();
    await open(service);
    await open(model);
    expect(sut.reset('acme/model')).toMatchObject([
      { name: 'acme/model', state: 'closed', counts: untouched, last_change: { from: 'open', to: 'closed' } },
    ]);
    expect(model.state.kind).toBe('closed');
    expect(service.state.kind).toBe('open');
    expect(sut.reset('acme')).toEqual([]);
  });
});
