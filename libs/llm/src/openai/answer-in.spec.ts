import { describe, expect, it } from '@jest/globals';
import { fromOpenAiCompletion } from './answer-in.js';

const read = (message: object, fields: object = {}) =>
  fromOpenAiCompletion(
    JSON.stringify({ id: 'c', model: 'm', choices: [{ finish_reason: 'stop', message }], ...fields }),
    'openai',
    [],
  );

describe('a chat completion', () => {
  it('has its parts in the order in which a model comes to them', () => {
    const { choices } = read({
      content: 'text',
      refusal: 'no',
      reasoning_content: 'hm',
      tool_calls: [
        { id: 'a', type: 'function', function: { name: 'f', arguments: '{ }' } },
        { id: 'b', type: 'custom', custom: { name: 'g', input: 'x' } },
      ],
    });
    expect(choices[0].content).toMatchObject([
      { type: 'reasoning', text: 'hm' },
      { type: 'text', text: 'text' },
      { type: 'refusal', text: 'no' },
      { type: 'tool_call', id: 'a', name: 'f', arguments: '{ }' },
      { type: 'vendor', vendor: 'openai', value: { custom: { name: 'g' } } },
    ]);
  });

  it('of a server that is not quite OpenAI’s is read all the same', () => {
    const { choices, created, estimated } = read({
      tool_calls: [{ function: { name: 'f', arguments: { city: 'Bonn' } } }],
    });
    expect(choices[0].content).toMatchObject([{ type: 'tool_call', id: 'call_c_0', arguments: '{"city":"Bonn"}' }]);
    expect([created, estimated]).toEqual([0, true]);
  });

  it('with calls ends for them, and those without arguments have the JSON of none', () => {
    const { choices } = read({ content: '', tool_calls: [{ id: 'a', function: { name: 'f', arguments: '' } }] });
    expect(choices[0]).toEqual({
      content: [{ type: 'tool_call', id: 'a', name: 'f', arguments: '{}' }],
      stop: { reason: 'tool_calls' },
    });
  });

  it('has the thoughts of servers that give them another name, and the stop sequence where it is told', () => {
    const choice = { finish_reason: 'stop', stop_reason: 'END', message: { content: 'x', reasoning: 'hm' } };
    expect(read({}, { choices: [choice] }).choices[0]).toEqual({
      content: [
        { type: 'reasoning', text: 'hm' },
        { type: 'text', text: 'x' },
      ],
      stop: { reason: 'stop_sequence', sequence: 'END' },
    });
  });

  it('may have several choices', () => {
    const choice = (content: string) => ({ finish_reason: 'length', message: { content } });
    expect(read({}, { choices: [choice('a'), choice('b')] }).choices).toHaveLength(2);
  });

  it.each(['no JSON', '{}', '{"id":"c","model":"m","choices":[]}'])('is not what %s is', (text) => {
    expect(() => fromOpenAiCompletion(text, 'openai', [])).toThrow(
      expect.objectContaining({ code: 'provider.bad_response' }),
    );
  });
});
