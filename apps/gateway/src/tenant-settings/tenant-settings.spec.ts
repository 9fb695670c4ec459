import { describe, expect, it, jest } from '@jest/globals';
import { ManualClock } from '@parley/resilience/testing';
import { TenantSettings } from './tenant-settings.js';

function newSettings() {
  const clock = new ManualClock();
  const load = jest.fn<(tenantId: string) => Promise<string>>(async (tenantId) => `${tenantId} 1`);
  const log = { warn: jest.fn() };
  let change: (tenantId: string) => void = () => undefined;
  const changes = { on: (_: string, listener: typeof change) => void (change = listener) };
  const sut = new TenantSettings<string>({ name: 'routes', load }, { changes, log, clock });
  return { sut, clock, load, log, change: (tenantId: string) => change(tenantId) };
}

describe('a setting of a tenant', () => {
  it('is read once, for all who wait for it, and is there without a promise from then on', async () => {
    const { sut, load } = newSettings();
    expect(await Promise.all([sut.of('a'), sut.of('a')])).toEqual(['a 1', 'a 1']);
    expect(sut.of('a')).toBe('a 1');
    expect(load).toHaveBeenCalledTimes(1);
  });

  it('is read again after half a minute, and at once where it was changed', async () => {
    const { sut, clock, load, change } = newSettings();
    await sut.of('a');
    await sut.of('b');
    load.mockResolvedValue('2');
    change('a');
    expect([await sut.of('a'), sut.of('b')]).toEqual(['2', 'b 1']);
    await clock.advance(30_001);
    expect(await sut.of('b')).toBe('2');
  });

  it('that calls ask for is read anew beside them, and none waits for it', async () => {
    const { sut, clock, load, log, change } = newSettings();
    await sut.of('a');
    for (let second = 0; second < 60; second += 10) {
      await clock.advance(10_000);
      expect(sut.of('a')).toBe('a 1');
    }
    expect(load).toHaveBeenCalledTimes(4);
    load.mockRejectedValue(new Error('connection lost'));
    await clock.advance(15_000);
    expect([sut.of('a'), sut.of('a')]).toEqual(['a 1', 'a 1']);
    await clock.advance(0);
    expect(log.warn).toHaveBeenCalledTimes(1);
    load.mockResolvedValue('2');
    change('a');
    expect(await sut.of('a')).toBe('2');
  });

  it('that was changed while it was read is read again', async () => {
    const { sut, load, change } = newSettings();
    const first = Promise.withResolvers<string>();
    load.mockReturnValueOnce(first.promise);
    const early = sut.of('a');
    change('a');
    const late = sut.of('a');
    first.resolve('before the change');
    expect([await early, await late, sut.of('a')]).toEqual(['before the change', 'a 1', 'a 1']);
  });

  it('keeps its last value while it cannot be read, also where it is known to have changed', async () => {
    const { sut, clock, load, log, change } = newSettings();
    await sut.of('a');
    load.mockRejectedValue(new Error('connection lost'));
    change('a');
    expect(await sut.of('a')).toBe('a 1');
    await clock.advance(30_001);
    expect(await sut.of('a')).toBe('a 1');
    expect(log.warn).toHaveBeenCalledTimes(2);
    load.mockResolvedValue('2');
    await clock.advance(30_001);
    expect(await sut.of('a')).toBe('2');
  });

  it('that was never read fails while it cannot be', async () => {
    const { sut, load } = newSettings();
    load.mockRejectedValue(new Error('connection lost'));
    await expect(sut.of('a')).rejects.toThrow('connection lost');
    load.mockResolvedValue('2');
    expect(await sut.of('a')).toBe('2');
  });
});
