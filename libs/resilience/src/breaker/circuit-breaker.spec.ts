import { describe, expect, it } from '@jest/globals';
import { RejectedError } from '../rejected.js';
import { broken, fails, newBreaker, works } from './new-breaker.fixture.js';

describe('a closed breaker', () => {
  it('passes results and errors through unchanged', async () => {
    const { sut } = newBreaker();
    await expect(sut.execute(works)).resolves.toBe('answer');
    await expect(sut.execute(fails)).rejects.toBe(broken);
  });

  it('stays closed below the minimum of calls, however many of them failed', async () => {
    const { sut, call } = newBreaker();
    await call(fails, 3);
    expect(sut.state.kind).toBe('closed');
  });

  it('opens when the failure ratio is reached', async () => {
    const { sut, call, clock, changes } = newBreaker();
    await call(works, 2);
    await call(fails, 2);
    expect(sut.state).toEqual({ kind: 'open', until: clock.now() + 1_000 });
    expect(changes).toEqual([{ kind: 'breaker.changed', name: 'auth', from: 'closed', to: 'open' }]);
  });

  it('stays closed just below the failure ratio', async () => {
    const { sut, call } = newBreaker({ failureRatio: 0.51 });
    await call(works, 2);
    await call(fails, 2);
    expect(sut.state.kind).toBe('closed');
  });

  it('opens when the ratio of slow calls is reached, though all of them succeed', async () => {
    const { sut, call, takes } = newBreaker({ slowCallMs: 100, slowCallRatio: 0.5 });
    await call(takes(100, works), 2);
    expect(sut.state.kind).toBe('closed');
    await call(takes(101, works), 2);
    expect(sut.state.kind).toBe('open');
  });

  it('forgets what is older than the window', async () => {
    const { sut, call, clock } = newBreaker({ windowMs: 10_000 });
    await call(fails, 3);
    await clock.advance(10_000);
    await call(fails, 3);
    expect(sut.state.kind).toBe('closed');
  });

  it('counts no error that is not the fault of the target', async () => {
    const { sut, call } = newBreaker({ isFailure: (error) => error !== broken });
    await call(fails, 10);
    expect(sut.state.kind).toBe('closed');
  });

  it('counts no refusal by a policy inside of it, except a timeout', async () => {
    const { sut, call } = newBreaker();
    await call(() => Promise.reject(new RejectedError('bulkhead_full', 'inner')), 10);
    expect(sut.state.kind).toBe('closed');
    await call(() => Promise.reject(new RejectedError('timeout', 'inner')), 10);
    expect(sut.state.kind).toBe('open');
  });

  it('counts a call that ran into a timeout outside of it', async () => {
    const { sut } = newBreaker();
    const late = AbortSignal.abort(new RejectedError('timeout', 'outer'));
    for (let made = 0; made < 4; made += 1) await expect(sut.execute(fails, late)).rejects.toBe(broken);
    expect(sut.state.kind).toBe('open');
  });

  it('counts a call that a limit of its own kind ended', async () => {
    const timeUp = new Error('time is up');
    const { sut } = newBreaker({ isFailure: (error) => error === timeUp });
    for (let made = 0; made < 4; made += 1)
      await expect(sut.execute(() => Promise.reject(timeUp), AbortSignal.abort(timeUp))).rejects.toBe(timeUp);
    expect(sut.state.kind).toBe('open');
  });

  it('opens on answers that began well and broke off', async () => {
    const { sut } = newBreaker({ failureRatio: 1 });
    const begin = () => sut.execute(async () => sut.lateFailure());
    const streams = [await begin(), await begin(), await begin(), await begin()];
    for (const fail of streams.slice(1)) fail(broken);
    expect(sut.state.kind).toBe('closed');
    streams[0]?.(broken);
    expect(sut.state.kind).toBe('open');
  });

  it('counts no answer that broke off through no fault of the target', async () => {
    const { sut } = newBreaker({ isFailure: (error) => error === broken });
    for (let made = 0; made < 10; made += 1) (await sut.execute(async () => sut.lateFailure()))(new Error('left'));
    expect(sut.state.kind).toBe('closed');
  });

  it('counts no call that its caller cancelled', async () => {
    const { sut } = newBreaker();
    for (let made = 0; made < 10; made += 1) {
      const controller = new AbortController();
      const cancelled = sut.execute(async (signal) => {
        controller.abort();
        signal.throwIfAborted();
      }, controller.signal);
      await expect(cancelled).rejects.toThrow('aborted');
    }
    expect(sut.state.kind).toBe('closed');
  });
});

describe('an open breaker', () => {
  it('refuses at once, saying when another try may succeed', async () => {
    const { sut, opened, clock, changes } = newBreaker();
    await opened();
    await clock.advance(400);
    let called = false;
    const refused = sut.execute(async () => {
      called = true;
    });
    await expect(refused).rejects.toMatchObject({ reason: 'breaker_open', policy: 'auth', retryAfterMs: 600 });
    expect(called).toBe(false);
    expect(changes.at(-1)).toEqual({ kind: 'rejected', name: 'auth', reason: 'breaker_open' });
  });

  it('lets one call through when its time is up, and refuses the others until that has answered', async () => {
    const { sut, opened, clock } = newBreaker();
    await opened();
    await clock.advance(1_000);
    const probe = Promise.withResolvers<string>();
    const probing = sut.execute(() => probe.promise);
    expect(sut.state.kind).toBe('half-open');
    await expect(sut.execute(works)).rejects.toMatchObject({ reason: 'breaker_open' });
    probe.resolve('answer');
    await expect(probing).resolves.toBe('answer');
    expect(sut.state.kind).toBe('closed');
  });

  it('ignores the answers to calls that were made before it opened', async () => {
    const { sut, opened, clock } = newBreaker();
    const early = Promise.withResolvers<string>();
    const earlyCall = sut.execute(() => early.promise);
    await opened();
    await clock.advance(1_000);
    const probe = Promise.withResolvers<string>();
    const probing = sut.execute(() => probe.promise);
    early.resolve('late');
    await earlyCall;
    expect(sut.state.kind).toBe('half-open');
    probe.resolve('answer');
    await probing;
  });
});

describe('a half-open breaker', () => {
  it('closes only when every probe went well, and starts counting afresh', async () => {
    const { sut, opened, call, clock, changes } = newBreaker({ probes: 3 });
    await opened();
    await clock.advance(1_000);
    await call(works, 2);
    expect(sut.state).toMatchObject({ kind: 'half-open', succeeded: 2 });
    await call(works);
    expect(sut.state.kind).toBe('closed');
    await call(fails, 3);
    expect(sut.state.kind).toBe('closed');
    expect(changes.map((event) => event.kind === 'breaker.changed' && event.to)).toEqual([
      'open',
      'half-open',
      'closed',
    ]);
  });

  it('opens again on the first probe that fails', async () => {
    const { sut, opened, call, clock } = newBreaker({ probes: 3 });
    await opened();
    await clock.advance(1_000);
    await call(works);
    await call(fails);
    expect(sut.state).toEqual({ kind: 'open', until: clock.now() + 1_000 });
  });

  it('opens again on a probe that is slow', async () => {
    const { sut, opened, call, clock, takes } = newBreaker({ slowCallMs: 100 });
    await opened();
    await clock.advance(1_000);
    await call(takes(101, works));
    expect(sut.state.kind).toBe('open');
  });

  it('opens again when the answer to a probe breaks off while others are still out', async () => {
    const { sut, opened, clock } = newBreaker({ probes: 2 });
    await opened();
    await clock.advance(1_000);
    const fail = await sut.execute(async () => sut.lateFailure());
    expect(sut.state.kind).toBe('half-open');
    fail(broken);
    expect(sut.state.kind).toBe('open');
  });

  it('is not opened by an answer that broke off from before', async () => {
    const { sut, opened, clock } = newBreaker({ probes: 2 });
    const early = await sut.execute(async () => sut.lateFailure());
    await opened();
    await clock.advance(1_000);
    await sut.execute(works);
    early(broken);
    expect(sut.state.kind).toBe('half-open');
  });

  it('lets another probe try where the first was cancelled by its caller', async () => {
    const { sut, opened, clock } = newBreaker();
    await opened();
    await clock.advance(1_000);
    const cancelled = sut.execute(fails, AbortSignal.abort());
    await expect(cancelled).rejects.toBe(broken);
    await expect(sut.execute(works)).resolves.toBe('answer');
    expect(sut.state.kind).toBe('closed');
  });

  it('probes again where a probe has not answered for as long as it would stay open', async () => {
    const { sut, opened, clock } = newBreaker();
    await opened();
    await clock.advance(1_000);
    void sut.execute(() => new Promise(() => undefined));
    await clock.advance(999);
    await expect(sut.execute(works)).rejects.toMatchObject({ reason: 'breaker_open', retryAfterMs: 1 });
    await clock.advance(1);
    await expect(sut.execute(works)).resolves.toBe('answer');
    expect(sut.state.kind).toBe('closed');
  });
});

it('tells a listener nothing more once it is taken off', async () => {
  const { sut, opened } = newBreaker();
  let heard = 0;
  const off = sut.on(() => (heard += 1));
  off();
  await opened();
  expect(heard).toBe(0);
});
