import { describe, expect, it } from '@jest/globals';
import { readVote } from './vote.js';

const cities = ['Paris', 'London', 'New York', 'York'];

describe('a vote', () => {
  it.each([
    ['an ANSWER line at the end', 'It is the capital.\nANSWER: London'],
    ['the last of several ANSWER lines', 'ANSWER: Paris\nOn second thought:\nANSWER: London'],
    ['an ANSWER line with emphasis', 'So:\n**ANSWER:** **London**.'],
    ['an ANSWER line that is a heading', 'So:\n## Final answer: “LONDON”'],
    ['an ANSWER whose option is in the next line', 'ANSWER:\n\n  London\n'],
    ['an ANSWER line with a letter', 'ANSWER: B) London'],
    ['an ANSWER line with a reason', 'ANSWER: London, because Paris was no option in 1666\nANSWER: (b) London!'],
    ['an ANSWER line as a placeholder was shown', 'ANSWER: <London>'],
    ['a JSON object', '{"reasoning": "Paris? ANSWER: Paris", "answer": "london"}'],
    ['a JSON object in a code block', '```json\n{ "Answer": "London" }\n```'],
    ['a JSON object after some words', 'Not Paris.\n{"answer": "London"}'],
    ['a line after a JSON object', 'Not {"answer": "Paris"}.\nANSWER: London'],
    ['the bare option', 'london'],
    ['the option in quotes, with a full stop', ' "London". '],
    ['the option with a number', '2. London'],
    ['the option in a list', '- London'],
    ['a single mention', 'I would go for London without a doubt.'],
    ['full-width letters', 'ANSWER：ＬＯＮＤＯＮ'],
  ])('is read from %s', (_what, text) => {
    expect(readVote(text, cities)).toBe('London');
    expect(readVote(text, cities.toReversed())).toBe('London');
  });

  it.each([
    ['nothing', ''],
    ['no option', 'I cannot say.'],
    ['two options', 'London or Paris.'],
    ['an ANSWER line with two options', 'London it is.\nANSWER: London or Paris'],
    ['an ANSWER line with something else, whatever is mentioned before', 'Not London.\nANSWER: Berlin'],
    ['an empty ANSWER line', 'London\nANSWER:'],
    ['a JSON object with something else', '{"answer": "Berlin", "why": "not London"}'],
    ['a part of a word', 'Londoners would know.'],
  ])('is unclear with %s', (_what, text) => {
    expect(readVote(text, cities)).toBeUndefined();
  });

  it('is for the longer option where one is a part of another', () => {
    expect(readVote('I choose New York.', cities)).toBe('New York');
    expect(readVote('New York, or rather York.', cities)).toBeUndefined();
  });

  it.each([
    ['ANSWER: B', ['A) red', 'B) blue'], 'B) blue'],
    ['ANSWER: option b.', ['A) red', 'B) blue'], 'B) blue'],
    ['blue', ['A) red', 'B) blue'], 'B) blue'],
    ['ANSWER: a', ['A', 'B'], 'A'],
    ['It takes a while, so B', ['A', 'B'], undefined],
    ['ANSWER: C++.', ['C', 'C++', 'C#'], 'C++'],
    ['ANSWER: c', ['C', 'C++', 'C#'], 'C'],
    ['I prefer C#.', ['Java', 'C#', 'F#'], 'C#'],
    ['yes', ['Yes!', 'No!'], 'Yes!'],
    ['{"answer": true}', ['true', 'false'], 'true'],
    ['{"answer": 4}', ['3', '4'], '4'],
    ['2 + 2 is 4', ['3', '4', '14'], '4'],
    ['1.5', ['1', '1.5'], '1.5'],
    ['答案是巴黎。', ['巴黎', '伦敦'], '巴黎'],
    ['ОТВЕТ: да', ['Да', 'Нет'], 'Да'],
    ['a|b (maybe)', ['a|b', 'a.b'], 'a|b'],
  ])('%j among %j is %j', (text, options, option) => {
    expect(readVote(text, options)).toBe(option);
  });

  it('is read from a long text without delay', () => {
    const started = performance.now();
    readVote(`${'\n'.repeat(200_000)}${'{'.repeat(200_000)}${' '.repeat(200_000)}*`, cities);
    expect(performance.now() - started).toBeLessThan(2_000);
  });
});
