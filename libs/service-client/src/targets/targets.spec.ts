import { describe, expect, it } from '@jest/globals';
import { Directory, LiveConfig, type Instance } from '@parley/discovery';
import { ManualClock } from '@parley/resilience/testing';
import { silentLog } from '@parley/service-kit';
import { ServiceClientOptions } from '../options.js';
import { BreakerRules } from './breaker-rules.js';
import { Targets } from './targets.js';

const instance = (id: string): Instance => ({
  id,
  service: 'auth',
  host: '127.0.0.1',
  port: 1,
  origin: `http://127.0.0.1:1`,
  version: null,
});

/** Targets over a directory and live settings that the test changes; nothing connects before a request. */
function newTargets(...instances: Instance[]) {
  const clock = new ManualClock();
  let list: (now: Instance[]) => void = () => undefined;
  let set: (json: string) => void = () => undefined;
  const source = {
    follow: (_service: string, onAnswer: (answer: { instances: Instance[]; continuous: boolean }) => void) => {
      list = (now) => {
        onAnswer({ instances: now, continuous: true });
      };
      list(instances);
    },
    registered: async () => instances,
  };
  const settings = {
    followSettings: (_key: string, onValue: (json: string) => void) => {
      set = onValue;
    },
  };
  const directory = new Directory(source, clock);
  directory.instances('auth');
  const rules = new BreakerRules(new LiveConfig('parley/config/test', settings, silentLog));
  const options = new ServiceClientOptions({ SERVICE_TIMEOUT_MS: 1_000, SERVICE_CONNECTIONS: 4 });
  const sut = new Targets(directory, options, rules, clock, silentLog);
  rules.onModuleInit();
  return { sut, list: (...now: Instance[]) => list(now), set: (json: string) => set(json) };
}

const fails = () => Promise.reject(new Error('broken'));

describe('Targets', () => {
  it('keeps one target per instance', () => {
    const { sut } = newTargets(instance('a'), instance('b'));
    expect(sut.of(instance('a'))).toBe(sut.of(instance('a')));
    expect(sut.of(instance('a'))).not.toBe(sut.of(instance('b')));
  });

  it('lets go of instances that are listed no more when a new one comes', () => {
    const { sut, list } = newTargets(instance('a'));
    const { pool } = sut.of(instance('a'));
    list(instance('b'));
    sut.of(instance('b'));
    expect(pool.closed).toBe(true);
    expect([...sut].map((target) => target.instance.id)).toEqual(['b']);
  });

  it('applies breaker thresholds of the live configuration to instances that it knows already', async () => {
    const { sut, set } = newTargets(instance('a'));
    const target = sut.of(instance('a'));
    set('{"breaker":{"minimum_calls":2}}');
    for (let call = 0; call < 2; call++) await target.breaker.execute(fails).catch(() => undefined);
    expect(target.breaker.state.kind).toBe('open');
    set('{}');
    for (let call = 0; call < 2; call++) await target.breaker.execute(fails).catch(() => undefined);
    expect(target.breaker.state.kind).toBe('closed');
  });
});
