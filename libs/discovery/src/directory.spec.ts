import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { systemClock } from '@parley/resilience';
import type { AddressAnswer } from './address-source.js';
import { Directory } from './directory.js';
import { StaticAddresses } from './static-addresses.js';

const address = { service: 'auth', url: 'http://127.0.0.1:4001' };

/** A directory over a source that answers when told to. */
function newDirectory() {
  const followed = new Map<string, (answer: AddressAnswer) => void>();
  const directory = new Directory({ follow: (service, onAnswer) => followed.set(service, onAnswer) }, systemClock);
  return { directory, followed };
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
