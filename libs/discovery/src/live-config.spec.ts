import { describe, expect, it, jest } from '@jest/globals';
import { type Log, silentLog } from '@parley/service-kit';
import { z } from 'zod';
import { LiveConfig } from './live-config.js';

const schema = z.object({ limit: z.int().positive().optional() });

function newLiveConfig() {
  let send: (json: string | undefined) => void = () => undefined;
  const followSettings = jest.fn((_key: string, onValue: typeof send) => {
    send = onValue;
  });
  const error = jest.fn();
  const log = Object.assign(Object.create(silentLog) as Log, { error });
  const sut = new LiveConfig('parley/config/auth', { followSettings }, log);
  return { sut, error, followSettings, send: (json: string | undefined) => send(json) };
}

describe('LiveConfig', () => {
  it('hands each valid value to its watchers, also to one that comes late', () => {
    const { sut, send, followSettings } = newLiveConfig();
    const [first, second] = [jest.fn(), jest.fn()];
    sut.watch(schema, first);
    send('{"limit":5}');
    sut.watch(schema, second);
    expect(first.mock.calls).toEqual([[{ limit: 5 }]]);
    expect(second.mock.calls).toEqual([[{ limit: 5 }]]);
    expect(followSettings).toHaveBeenCalledTimes(1);
  });

  it.each([
    ['a value that does not fit', '{"limit":-1}'],
    ['text that is not JSON', '{limit'],
  ])('refuses and logs %s, and the last good one stays', (_what, bad) => {
    const { sut, send, error } = newLiveConfig();
    const onChange = jest.fn();
    sut.watch(schema, onChange);
    send('{"limit":5}');
    send(bad);
    expect(onChange).toHaveBeenCalledTimes(1);
    expect(error).toHaveBeenCalledTimes(1);
  });

  it('refuses a value for the watcher that it does not fit, and not for the others', () => {
    const { sut, send } = newLiveConfig();
    const [limit, level] = [jest.fn(), jest.fn()];
    sut.watch(schema, limit);
    sut.watch(z.object({ log_level: z.string().optional() }), level);
    send('{"limit":"many","log_level":"debug"}');
    expect(limit).not.toHaveBeenCalled();
    expect(level).toHaveBeenCalledWith({ log_level: 'debug' });
  });

  it('is silent about a key that is not there, and reads a deleted one as empty', () => {
    const { sut, send } = newLiveConfig();
    const onChange = jest.fn();
    sut.watch(schema, onChange);
    send(undefined);
    expect(onChange).not.toHaveBeenCalled();
    send('{"limit":5}');
    send(undefined);
    expect(onChange).toHaveBeenLastCalledWith({});
  });

  it('tells a watcher nothing more once it has left', () => {
    const { sut, send } = newLiveConfig();
    const onChange = jest.fn();
    sut.watch(schema, onChange)();
    send('{"limit":5}');
    expect(onChange).not.toHaveBeenCalled();
  });
});
