import { describe, expect, it } from '@jest/globals';
import { ManualClock } from '@parley/resilience/testing';
import { silentLog } from '../log/create-log.js';
import { Shutdown, shutdownPhases } from './shutdown.js';

function newShutdown() {
  const clock = new ManualClock();
  const sut = new Shutdown(clock, silentLog);
  const done: string[] = [];
  const note = (what: string) => () => void done.push(what);
  const run = () => sut.run({ announceMs: 0, intakeMs: 20_000 });
  return { sut, clock, done, note, run };
}

describe('a shutdown', () => {
  it('goes through its phases in order, however its steps were registered', async () => {
    const { sut, done, note, run } = newShutdown();
    for (const phase of shutdownPhases.toReversed()) sut.register(phase, note(phase));
    await run();
    expect(done).toEqual(['announce', 'intake', 'work', 'connections']);
  });

  it('runs the steps of a phase at the same time, and waits for all of them', async () => {
    const { sut, done, note, run } = newShutdown();
    const slow = Promise.withResolvers<undefined>();
    sut.register('intake', () => slow.promise.then(note('slow')));
    sut.register('intake', () => slow.resolve(undefined));
    sut.register('work', note('work'));
    await run();
    expect(done).toEqual(['slow', 'work']);
  });

  it('goes on after a step that fails', async () => {
    const { sut, done, note, run } = newShutdown();
    sut.register('announce', () => Promise.reject(new Error('Consul is gone')));
    sut.register('intake', () => {
      throw new Error('closed already');
    });
    sut.register('connections', note('connections'));
    await run();
    expect(done).toEqual(['connections']);
  });

  it('leaves behind a step whose time is up, and tells it so', async () => {
    const { sut, clock, done, note, run } = newShutdown();
    sut.register('intake', (signal) => {
      signal.addEventListener('abort', note('cut off'));
      return new Promise(() => undefined);
    });
    sut.register('work', note('work'));
    const running = run();
    await clock.advance(19_999);
    expect(done).toEqual([]);
    await clock.advance(1);
    await running;
    expect(done).toEqual(['cut off', 'work']);
  });

  it('waits after the announcement, so that callers have heard of it', async () => {
    const { sut, clock, done, note } = newShutdown();
    sut.register('announce', note('announce'));
    sut.register('intake', note('intake'));
    const running = sut.run({ announceMs: 1_000, intakeMs: 20_000 });
    await clock.advance(999);
    expect(done).toEqual(['announce']);
    await clock.advance(1);
    await running;
    expect(done).toEqual(['announce', 'intake']);
  });

  it('runs once', async () => {
    const { sut, done, note, run } = newShutdown();
    sut.register('work', note('work'));
    expect(sut.draining).toBe(false);
    await Promise.all([run(), run()]);
    expect(done).toEqual(['work']);
    expect(sut.draining).toBe(true);
  });
});
