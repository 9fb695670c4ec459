import { describe, expect, it, jest } from '@jest/globals';
import { ManualClock } from '@parley/resilience/testing';
import { Metrics } from '@parley/service-kit';
import { LocalCache, type LocalCacheOptions } from './local-cache.js';

function newCache(options: Partial<LocalCacheOptions<string | null>> = {}) {
  const clock = new ManualClock();
  const metrics = new Metrics();
  const sut = new LocalCache<string | null>({
    name: 'test',
    maxEntries: 3,
    ttlMs: 1_000,
    clock,
    metrics,
    random: () => 0,
    ...options,
  });
  return { sut, clock, metrics };
}

describe('LocalCache', () => {
  it('keeps a value for its time to live', async () => {
    const { sut, clock } = newCache();
    sut.set('a', '1');
    await clock.advance(999);
    expect(sut.get('a')).toBe('1');
    await clock.advance(2);
    expect(sut.get('a')).toBeUndefined();
  });

  it('ends an entry up to a tenth early, never late', async () => {
    const { sut, clock } = newCache({ random: () => 0.999 });
    sut.set('a', '1');
    await clock.advance(899);
    expect(sut.get('a')).toBe('1');
    await clock.advance(3);
    expect(sut.get('a')).toBeUndefined();
  });

  it('drops the least recently used entry when it is full', () => {
    const { sut } = newCache();
    for (const key of ['a', 'b', 'c']) sut.set(key, key);
    sut.get('a');
    sut.set('d', 'd');
    expect(['a', 'b', 'c', 'd'].map((key) => sut.get(key))).toEqual(['a', undefined, 'c', 'd']);
  });

  it('lives by the value where the time to live is a function, and keeps nothing at 0 or less', async () => {
    const { sut, clock } = newCache({ ttlMs: (value) => (value === null ? 10 : Number(value)) });
    sut.set('none', null);
    sut.set('long', '500');
    sut.set('never', '0');
    expect([sut.get('none'), sut.get('long'), sut.get('never')]).toEqual([null, '500', undefined]);
    await clock.advance(11);
    expect([sut.get('none'), sut.get('long')]).toEqual([undefined, '500']);
  });

  it('forgets an older value when the new one is not to be kept', () => {
    const { sut } = newCache({ ttlMs: Number });
    sut.set('a', '500');
    sut.set('a', '0');
    expect(sut.get('a')).toBeUndefined();
  });

  it('loads once for callers that come while it loads, and keeps what was loaded', async () => {
    const { sut } = newCache();
    const loaded = Promise.withResolvers<string>();
    const load = jest.fn(() => loaded.promise);
    const callers = [sut.getOrLoad('a', load), sut.getOrLoad('a', load)];
    loaded.resolve('1');
    expect(await Promise.all(callers)).toEqual(['1', '1']);
    expect(await sut.getOrLoad('a', load)).toBe('1');
    expect(load).toHaveBeenCalledTimes(1);
  });

  it('keeps a loaded null', async () => {
    const { sut } = newCache();
    const load = jest.fn(async () => null);
    await sut.getOrLoad('a', load);
    expect(await sut.getOrLoad('a', load)).toBeNull();
    expect(load).toHaveBeenCalledTimes(1);
  });

  it('gives an error to all who wait for it, and to nobody after them', async () => {
    const { sut } = newCache();
    const load = jest.fn<() => Promise<string>>().mockRejectedValueOnce(new Error('gone')).mockResolvedValue('1');
    const callers = [sut.getOrLoad('a', load), sut.getOrLoad('a', load)];
    for (const caller of callers) await expect(caller).rejects.toThrow('gone');
    expect(await sut.getOrLoad('a', load)).toBe('1');
  });

  it('does not keep what began to load before a deletion', async () => {
    const { sut } = newCache();
    const [old, fresh] = [Promise.withResolvers<string>(), Promise.withResolvers<string>()];
    const first = sut.getOrLoad('a', () => old.promise);
    sut.delete('a');
    const second = sut.getOrLoad('a', () => fresh.promise);
    fresh.resolve('new');
    old.resolve('old');
    expect(await Promise.all([first, second])).toEqual(['old', 'new']);
    expect(sut.get('a')).toBe('new');
  });

  it('exposes the hit ratio of each cache by its name', async () => {
    const { sut, metrics } = newCache();
    const other = newCache({ metrics, name: 'other' }).sut;
    sut.set('a', '1');
    for (const key of ['a', 'a', 'a', 'b']) sut.get(key);
    other.get('a');
    const text = await metrics.expose();
    expect(text).toContain('cache_hit_ratio{cache="test"} 0.75');
    expect(text).toContain('cache_hit_ratio{cache="other"} 0');
  });

  it('measures the hit ratio over recent look-ups', async () => {
    const { sut, metrics } = newCache();
    for (let lookUp = 0; lookUp < 50_000; lookUp++) sut.get('a');
    sut.set('a', '1');
    for (let lookUp = 0; lookUp < 50_000; lookUp++) sut.get('a');
    const [, ratio] = /cache_hit_ratio\{cache="test"\} (\S+)/.exec(await metrics.expose()) ?? [];
    expect(Number(ratio)).toBeGreaterThan(0.9);
  });
});

describe('an entry that is old enough to be renewed', () => {
  it('is still used while it is loaded anew, once', async () => {
    const { sut, clock } = newCache({ renewAfterMs: 500 });
    sut.set('a', '1');
    const renewed = Promise.withResolvers<string>();
    const load = jest.fn(() => renewed.promise);
    await clock.advance(499);
    expect(sut.getOrLoadNow('a', load)).toBe('1');
    expect(load).not.toHaveBeenCalled();
    await clock.advance(1);
    expect([sut.getOrLoadNow('a', load), sut.getOrLoadNow('a', load)]).toEqual(['1', '1']);
    expect(load).toHaveBeenCalledTimes(1);
    renewed.resolve('2');
    await clock.advance(999);
    expect(sut.get('a')).toBe('2');
  });

  it('holds until its end where it cannot be loaded', async () => {
    const { sut, clock } = newCache({ renewAfterMs: 500 });
    sut.set('a', '1');
    const fail = async () => Promise.reject(new Error('away'));
    await clock.advance(500);
    expect(sut.getOrLoadNow('a', fail)).toBe('1');
    await clock.advance(499);
    expect(sut.getOrLoadNow('a', fail)).toBe('1');
    await clock.advance(2);
    await expect(sut.getOrLoad('a', fail)).rejects.toThrow('away');
  });

  it('that is dropped meanwhile is not what was loaded before that', async () => {
    const { sut, clock } = newCache({ renewAfterMs: 500 });
    sut.set('a', '1');
    const renewed = Promise.withResolvers<string>();
    await clock.advance(500);
    expect(sut.getOrLoadNow('a', () => renewed.promise)).toBe('1');
    sut.delete('a');
    renewed.resolve('of before');
    expect(await sut.getOrLoad('a', async () => 'of after')).toBe('of after');
    expect(sut.get('a')).toBe('of after');
  });
});
