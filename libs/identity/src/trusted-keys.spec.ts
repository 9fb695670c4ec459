import { describe, expect, it, jest } from '@jest/globals';
import type { Jwks } from '@parley/contracts';
import { TestClock } from '../test/test-clock.js';
import { silentLog } from '@parley/service-kit';
import { JwksSource } from './jwks-source.js';
import { TokenIssuer } from '@parley/testing';
import { TrustedKeys } from './trusted-keys.js';

const away = new Error('connect ECONNREFUSED');
const unavailable = expect.objectContaining({ name: 'AppError', code: 'service.unavailable' });

/** Gives these answers in turn, and the last one from then on. */
class ScriptedSource extends JwksSource {
  readonly fetch = jest.fn(async (): Promise<Jwks> => {
    const answer = this.answers.length > 1 ? this.answers.shift() : this.answers[0];
    if (!answer || answer instanceof Error) throw answer ?? away;
    return answer;
  });

  constructor(private readonly answers: (Jwks | Error)[]) {
    super();
  }
}

function newTrustedKeys(...answers: (Jwks | Error)[]) {
  const clock = new TestClock();
  const source = new ScriptedSource(answers);
  return { sut: new TrustedKeys(source, clock, silentLog), fetch: source.fetch, clock };
}

const one = new TokenIssuer('one', Date.now).jwks;
const two: Jwks = { keys: [...one.keys, ...new TokenIssuer('two', Date.now).jwks.keys] };

describe('TrustedKeys', () => {
  it('fetches once for many callers at once', async () => {
    const { sut, fetch } = newTrustedKeys(one);

    const found = await Promise.all([sut.find('one'), sut.find('one'), sut.find('unknown')]);

    expect(found.map(Boolean)).toEqual([true, true, false]);
    expect(fetch).toHaveBeenCalledTimes(1);
  });

  it('asks again for an unknown key id, at most once in 5 s', async () => {
    const { sut, fetch, clock } = newTrustedKeys(one, two);
    await sut.find('one');

    for (let attempt = 0; attempt < 20; attempt++) expect(await sut.find('two')).toBeUndefined();
    expect(fetch).toHaveBeenCalledTimes(1);
    await clock.advance(5_000);

    expect(await sut.find('two')).toBeDefined();
    expect(fetch).toHaveBeenCalledTimes(2);
  });

  it('keeps the last good keys while the auth service is away', async () => {
    const { sut, fetch, clock } = newTrustedKeys(one, away);
    await sut.find('one');

    for (let minute = 0; minute < 10; minute++) {
      await clock.advance(60_001);
      expect(await sut.find('one')).toBeDefined();
    }
    expect(fetch).toHaveBeenCalledTimes(11);
  });

  it('cannot judge an unknown key id while the auth service is away, and says so with 503', async () => {
    const { sut, clock } = newTrustedKeys(one, away);
    await sut.find('one');
    await clock.advance(5_000);

    await expect(sut.find('two')).rejects.toEqual(unavailable);
  });

  it('answers 503 while no key was ever fetched, and recovers within a second of the auth service’s return', async () => {
    const { sut, fetch, clock } = newTrustedKeys(away, one);

    await expect(sut.find('one')).rejects.toEqual(unavailable);
    await expect(sut.find('one')).rejects.toEqual(unavailable);
    expect(fetch).toHaveBeenCalledTimes(1);
    await clock.advance(1_000);

    expect(await sut.find('one')).toBeDefined();
  });

  it('notices a withdrawn key within a minute', async () => {
    const { sut, clock } = newTrustedKeys(two, one);
    await sut.find('two');
    await clock.advance(60_001);

    sut.trusts('two'); // starts the fetch
    await clock.advance(0);

    expect(sut.trusts('two')).toBe(false);
    expect(sut.trusts('one')).toBe(true);
  });
});
