import { describe, expect, it } from '@jest/globals';
import { ManualClock } from '@parley/resilience/testing';
import { silentLog } from '@parley/service-kit';
import { Outage } from './outage.js';
import { Registrar } from './registrar.js';

const registration = { id: 'auth-1', service: 'auth', host: '127.0.0.1', port: 4001, version: '1.0.0' };

/** A Consul whose registrations are a set; `away` makes every call fail. */
function newRegistrar() {
  const clock = new ManualClock();
  const registered = new Set<string>();
  const consul: { away: boolean; slow: Promise<unknown> } = { away: false, slow: Promise.resolve() };
  const answer = async <T>(fn: () => T): Promise<T> => {
    if (consul.away) throw new Error('connection refused');
    await consul.slow;
    return fn();
  };
  const agent = {
    isRegistered: (id: string) => answer(() => registered.has(id)),
    register: ({ id }: { id: string }) => answer(() => void registered.add(id)),
    deregister: (id: string) => answer(() => void registered.delete(id)),
  };
  const sut = new Registrar(agent, new Outage(silentLog), clock, silentLog);
  return { sut, clock, registered, consul };
}

describe('Registrar', () => {
  it('registers, and again when the registration is lost', async () => {
    const { sut, clock, registered } = newRegistrar();
    sut.start(registration);
    await clock.advance(0);
    expect([...registered]).toEqual(['auth-1']);
    registered.clear();
    await clock.advance(2_000);
    expect([...registered]).toEqual(['auth-1']);
  });

  it('registers when Consul comes', async () => {
    const { sut, clock, registered, consul } = newRegistrar();
    consul.away = true;
    sut.start(registration);
    await clock.advance(10_000);
    consul.away = false;
    await clock.advance(2_000);
    expect([...registered]).toEqual(['auth-1']);
  });

  it('stays away once it has left, also when it leaves while it registers', async () => {
    const { sut, clock, registered, consul } = newRegistrar();
    const slow = Promise.withResolvers<undefined>();
    consul.slow = slow.promise;
    sut.start(registration);
    const stopping = sut.stop();
    slow.resolve(undefined);
    await clock.advance(0);
    await stopping;
    await clock.advance(60_000);
    expect([...registered]).toEqual([]);
    expect(clock.pending).toBe(0);
  });

  it('does not fail when Consul is away as it leaves', async () => {
    const { sut, clock, consul } = newRegistrar();
    sut.start(registration);
    await clock.advance(0);
    consul.away = true;
    await expect(sut.stop()).resolves.toBeUndefined();
  });
});
