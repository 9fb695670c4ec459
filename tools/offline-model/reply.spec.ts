import { describe, expect, it } from '@jest/globals';
import { directionsOf } from './directions.ts';
import type { Question } from './question.ts';
import { replyTo } from './reply.ts';

const question = (fields: Partial<Question>): Question => ({
  model: 'offline-small',
  stream: false,
  text: 'hi',
  system: '',
  toolResults: [],
  tools: [],
  mustCall: undefined,
  mayCallSeveral: true,
  answerSchema: undefined,
  thinks: false,
  maxTokens: undefined,
  stopSequences: [],
  wantsUsage: true,
  turns: 1,
  characters: 8,
  cached: undefined,
  ...fields,
});
const textOf = (fields: Partial<Question>) => replyTo(question(fields)).pieces.join('');
const tools = ['weather', 'clock'].map((name) => ({ name, schema: { properties: { city: { type: 'string' } } } }));

describe('the offline model', () => {
  it('answers the same question alike, and another one differently', () => {
    expect(replyTo(question({}))).toEqual(replyTo(question({})));
    expect(replyTo(question({})).id).not.toBe(replyTo(question({ text: 'ho' })).id);
  });

  it('says what it is, and what was asked', () => {
    expect(textOf({ text: 'What is the time?', turns: 3 })).toMatch(/offline model.*“What is the time\?”.*turn 3/);
  });

  it('streams as many words as it is told to, and does not repeat the telling', () => {
    expect(replyTo(question({ text: '[offline: deltas=50]' })).pieces).toHaveLength(50);
    expect(textOf({ text: 'hello [offline: delay=1] [offline skeptic: delay=2]' })).toContain('“hello”');
  });

  it('says what it is told to say', () => {
    expect(textOf({ text: 'Where? [offline: say="New York"]' })).toBe('New York');
  });

  it('calls the tools that the question names, or the one that it must', () => {
    const calls = (fields: Partial<Question>) => replyTo(question({ tools, ...fields })).calls.map(({ name }) => name);
    expect(calls({ text: 'clock and weather' })).toEqual(['weather', 'clock']);
    expect(calls({ text: 'clock and weather', mayCallSeveral: false })).toEqual(['weather']);
    expect(calls({ mustCall: true })).toEqual(['weather']);
    expect(calls({ mustCall: 'clock' })).toEqual(['clock']);
    expect(calls({ text: 'weather', toolResults: ['9 °C'] })).toEqual([]);
    expect(calls({})).toEqual([]);
  });

  it('fills a schema with what stands in quotes', () => {
    const answerSchema = {
      type: 'object',
      properties: { city: { type: 'string' }, hours: { type: 'array', items: { enum: [7] } } },
    };
    expect(JSON.parse(textOf({ text: 'Where? "Bonn"', answerSchema }))).toEqual({ city: 'Bonn', hours: [7] });
  });

  it('ends at a stop sequence or at the limit, and counts what it said', () => {
    expect(replyTo(question({ stopSequences: ['offline', 'am'] }))).toMatchObject({
      stop: 'stop_sequence',
      stopSequence: 'am',
    });
    expect(replyTo(question({ maxTokens: 3 }))).toMatchObject({ stop: 'length', usage: { output: 3 } });
  });

  it('writes a marked prefix to the cache once and reads it afterwards', () => {
    const cached = { characters: 400, key: 'a prefix of this test' };
    const usage = () => replyTo(question({ characters: 440, cached })).usage;
    expect(usage()).toMatchObject({ input: 10, cacheWrite: 100, cacheRead: 0 });
    expect(usage()).toMatchObject({ input: 10, cacheWrite: 0, cacheRead: 100 });
  });
});

describe('directions', () => {
  it.each<[Partial<Question>, object]>([
    [{ model: 'offline-fault-500' }, { fault: '500' }],
    [{ text: 'x [offline: fault=429 retry-after=3] y' }, { fault: '429', retryAfter: '3' }],
    [{ text: '[offline: deltas=2, delay=20]' }, { deltas: 2, delayMs: 20, fault: undefined }],
    [{ model: 'offline-slow' }, { delayMs: 100 }],
    [{ text: '[offline: say="New York" delay=5]' }, { say: 'New York', delayMs: 5 }],
    [{ text: '[offline: say=a] [offline Skeptic: fault=500]', system: 'You are a skeptic.' }, { fault: '500' }],
    [{ text: '[offline skeptic: fault=500] [offline: say=a]', system: 'You are an analyst.' }, { say: 'a' }],
    [
      { text: '[offline skeptic: fault=500]', system: 'Skeptics are others.' },
      { fault: undefined, say: undefined },
    ],
    [{ text: '[offline @alpha: fault=500] [offline: say=a]' }, { fault: '500' }],
    [{ text: '[offline @key-2: fault=429]' }, { fault: '429' }],
    [
      { text: '[offline @beta: fault=500] [offline: say=a]', system: '@beta beta' },
      { say: 'a', fault: undefined },
    ],
    [{}, { fault: undefined, deltas: undefined, delayMs: 0 }],
  ])('of %j are %j', (fields, directions) => {
    expect(directionsOf(question(fields), ['alpha', 'key-2'])).toMatchObject(directions);
  });
});
