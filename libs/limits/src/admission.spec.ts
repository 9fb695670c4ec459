import { describe, expect, it } from '@jest/globals';
import { Admission, type Told } from './admission.js';
import { openaiLimitHeaders } from './limit-headers.js';

const told = (changes: Partial<Told> = {}): Told => ({
  scope: 'key',
  unit: 'requests',
  limit: 100,
  allowed: true,
  remaining: 40,
  resetsAt: 31_000,
  retryAfterMs: 0,
  ...changes,
});

/** As of second 1. */
function newAdmission(...limits: readonly Told[]) {
  const sut = new Admission(['requests'], limits, openaiLimitHeaders, { now: () => 1_000 });
  const sent: Record<string, string | number> = {};
  const reply = { header: (name: string, value: string | number) => void (sent[name] = value) };
  const headers = () => {
    sut.tell(reply);
    return sent;
  };
  return { sut, headers, reply, sent };
}

describe('the headers of a call', () => {
  it('tell of its one limit in OpenAI’s names and in the fields of all APIs', () => {
    expect(newAdmission(told()).headers()).toEqual({
      'x-ratelimit-limit-requests': 100,
      'x-ratelimit-remaining-requests': 40,
      'x-ratelimit-reset-requests': '30s',
      'ratelimit-policy': '"key-requests";q=100;w=60',
      ratelimit: '"key-requests";r=40;t=30',
    });
  });

  it('tell of the tightest limit of each kind, and of every limit', () => {
    const { headers } = newAdmission(
      told(),
      told({ unit: 'tokens', limit: 9_000, remaining: 8_000 }),
      told({ scope: 'tenant', limit: 1_000, remaining: 7, resetsAt: 2_500 }),
      told({ scope: 'user', unit: 'streams', limit: 2, remaining: 1 }),
    );
    expect(headers()).toEqual({
      'x-ratelimit-limit-requests': 1_000,
      'x-ratelimit-remaining-requests': 7,
      'x-ratelimit-reset-requests': '1.5s',
      'x-ratelimit-limit-tokens': 9_000,
      'x-ratelimit-remaining-tokens': 8_000,
      'x-ratelimit-reset-tokens': '30s',
      'ratelimit-policy':
        '"key-requests";q=100;w=60, "key-tokens";q=9000;w=60;qu="tokens", "tenant-requests";q=1000;w=60, "user-streams";q=2;qu="concurrent-requests"',
      ratelimit: '"key-requests";r=40;t=30, "key-tokens";r=8000;t=30, "tenant-requests";r=7;t=2, "user-streams";r=1',
    });
  });

  it('tell again, of what an answer has left of the tokens, that alone', () => {
    const { sut, reply, sent } = newAdmission(told(), told({ unit: 'tokens', remaining: 50 }));
    sut.spend(36, reply);
    expect(sent).toEqual({
      'x-ratelimit-limit-tokens': 100,
      'x-ratelimit-remaining-tokens': 14,
      'x-ratelimit-reset-tokens': '30s',
      ratelimit: '"key-requests";r=40;t=30, "key-tokens";r=14;t=30',
    });
    sut.spend(36, reply);
    expect(sent).toMatchObject({ 'x-ratelimit-remaining-tokens': 0 });
  });

  it('are left as they are by an answer whose tokens no limit counts', () => {
    const { sut, reply, sent } = newAdmission(told(), told({ unit: 'streams' }));
    sut.spend(36, reply);
    expect(sent).toEqual({});
  });

  it('say nothing to a caller without limits', () => {
    expect(newAdmission().headers()).toEqual({});
  });
});

describe('a call', () => {
  it('goes on where all limits have room', () => {
    expect(() => newAdmission(told(), told({ scope: 'tenant' })).sut.demand()).not.toThrow();
  });

  it('is refused by the limit that takes longest, which is told, with a time to wait that agrees', () => {
    const { sut, headers } = newAdmission(
      told({ remaining: 0, allowed: false, retryAfterMs: 20_000 }),
      told({ scope: 'tenant', limit: 500, remaining: 0, allowed: false, retryAfterMs: 70_000 }),
      told({ scope: 'user', remaining: 0 }),
    );
    const refusal = {
      code: 'request.rate_limited',
      text: { detail: 'At most 500 requests a minute for this tenant', retryAfterMs: 70_000 },
    };
    expect(() => sut.demand()).toThrow(expect.objectContaining(refusal));
    expect(headers()).toMatchObject({
      'x-ratelimit-limit-requests': 500,
      ratelimit: '"key-requests";r=0;t=20, "tenant-requests";r=0;t=70, "user-requests";r=0;t=30',
    });
  });

  it('is told which of tokens and streams it has too few of', () => {
    const few = { allowed: false, remaining: 0, retryAfterMs: 1_000 };
    expect(() => newAdmission(told({ ...few, unit: 'tokens' })).sut.demand()).toThrow(
      'At most 100 tokens a minute for this API key',
    );
    expect(() => newAdmission(told({ ...few, unit: 'streams', scope: 'user', limit: 2 })).sut.demand()).toThrow(
      'At most 2 streams at a time for this user',
    );
  });
});

it('gives its lease away once', () => {
  const lease = { leave: () => undefined };
  const sut = new Admission(['streams'], [], openaiLimitHeaders, { now: () => 0 }, lease);

  expect([sut.takeLease(), sut.takeLease()]).toEqual([lease, undefined]);
});
