import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { systemClock } from '@parley/resilience';
import type { AddressAnswer, AddressSource } from './address-source.js';
import { Directory } from './directory.js';
import type { Instance } from './instance.js';
import { StaticAddresses } from './static-addresses.js';

const instance = (id: string): Instance => ({
  id,
  service: 'auth',
  host: '127.0.0.1',
  port: 4001,
  origin: `http://127.0.0.1:4001`,
  version: null,
});
const address = { service: 'auth', url: 'http://127.0.0.1:4001' };

/** A directory over a source that answers when told to. */
function newDirectory() {
  const followed = new Map<string, (answer: AddressAnswer) => void>();
  const registered = jest.fn<AddressSource['registered']>();
  const source: AddressSource = { follow: (service, onAnswer) => void followed.set(service, onAnswer), registered };
  return { directory: new Directory(source, systemClock), followed, registered };
}

describe('Directory', () => {
  beforeEach(() => void jest.useFakeTimers());
  afterEach(() => void jest.useRealTimers());

  it('knows configured addresses at once', async () => {
    const directory = new Directory(new StaticAddresses([address]), systemClock);
    await directory.ready('auth');
    expect(directory.choose('auth')).toMatchObject({ origin: address.url, host: '127.0.0.1', port: 4001 });
  });

  it('refuses with service.unavailable and a time to try again when there is no instance', () => {
    const directory = new Directory(new StaticAddresses([]), systemClock);
    const refusal = {
      code: 'service.unavailable',
      text: { internal: 'no instance of auth is known', retryAfterMs: 1_000 },
    };
    expect(() => directory.choose('auth')).toThrow(expect.objectContaining(refusal));
  });

  it('lets the first caller wait for the first answer', async () => {
    const { directory, followed } = newDirectory();
    const ready = directory.ready('auth');
    const settled = jest.fn();
    void ready.then(settled);
    await jest.advanceTimersByTimeAsync(999);
    expect(settled).not.toHaveBeenCalled();
    followed.get('auth')?.({ instances: [], continuous: false });
    await ready;
  });

  it('lets the first caller wait no longer than a second', async () => {
    const { directory } = newDirectory();
    const ready = directory.ready('auth');
    await jest.advanceTimersByTimeAsync(1_000);
    await ready;
    expect(directory.instances('auth')).toEqual([]);
  });

  it('names each instance that is registered once, those besides which calls do not find', async () => {
    const { directory, followed, registered } = newDirectory();
    const [found, failing] = [instance('a'), instance('b')];
    registered.mockResolvedValue([found, failing]);
    const named = directory.registered('auth');
    followed.get('auth')?.({ instances: [found], continuous: true });
    expect(await named).toEqual([found, failing]);
    expect(directory.instances('auth')).toEqual([found]);
  });

  it.each([
    ['does not answer', () => Promise.reject(new Error('away'))],
    ['has lost its memory', () => Promise.resolve([])],
  ])('names the instances that calls find where the source %s', async (_, answer) => {
    const { directory, followed, registered } = newDirectory();
    registered.mockImplementation(answer);
    const named = directory.registered('auth');
    followed.get('auth')?.({ instances: [instance('a')], continuous: true });
    expect(await named).toEqual([instance('a')]);
  });

  it('follows a service once, however often it is asked for', () => {
    const { directory, followed } = newDirectory();
    directory.instances('auth');
    const first = followed.get('auth');
    directory.instances('auth');
    void directory.ready('auth');
    expect(followed.get('auth')).toBe(first);
    expect([...followed.keys()]).toEqual(['auth']);
  });
});
