import { describe, expect, it } from '@jest/globals';
import { noTokens, type Block, type StreamDelta, type StreamEvent } from '@parley/contracts';
import { AnswerDraft } from './answer-draft.js';

const block = (index: number, opened: Block, deltas: StreamDelta[], end = true): StreamEvent[] => [
  { type: 'block_start', index, block: opened },
  ...deltas.map((delta): StreamEvent => ({ type: 'delta', index, delta })),
  ...(end ? [{ type: 'block_end' as const, index }] : []),
];

function draftOf(...events: StreamEvent[]) {
  const sut = new AnswerDraft();
  for (const event of events) sut.add([event]);
  return sut;
}

describe('the draft of an answer', () => {
  it('has every block as the whole answer would have it', () => {
    const { content } = draftOf(
      ...block(0, { type: 'reasoning', text: '' }, [
        { type: 'reasoning', text: 'Let me ' },
        { type: 'reasoning', text: 'see.' },
        { type: 'signature', text: 'c2' },
        { type: 'signature', text: 'ln' },
      ]),
      ...block(1, { type: 'text', text: '' }, [
        { type: 'text', text: 'It is ' },
        { type: 'text', text: 'so.' },
        { type: 'vendor', vendor: 'anthropic', value: { type: 'citations_delta', citation: { title: 'a' } } },
        { type: 'vendor', vendor: 'anthropic', value: { type: 'citations_delta', citation: { title: 'b' } } },
      ]),
      ...block(2, { type: 'tool_call', id: 't', name: 'weather', arguments: '' }, [
        { type: 'arguments', text: '{"city":' },
        { type: 'arguments', text: '"Oslo"}' },
      ]),
      ...block(3, { type: 'refusal', text: '' }, [{ type: 'refusal', text: 'No.' }]),
      ...block(4, { type: 'text', text: '' }, [
        { type: 'text', text: 'So?' },
        { type: 'vendor', vendor: 'openai', value: { annotations: [{ type: 'url_citation' }] } },
      ]),
    );
    expect(content).toEqual([
      { type: 'reasoning', text: 'Let me see.', signature: 'c2ln' },
      { type: 'text', text: 'It is so.', vendor: { anthropic: { citations: [{ title: 'a' }, { title: 'b' }] } } },
      { type: 'tool_call', id: 't', name: 'weather', arguments: '{"city":"Oslo"}' },
      { type: 'refusal', text: 'No.' },
      { type: 'text', text: 'So?', vendor: { openai: { annotations: [{ type: 'url_citation' }] } } },
    ]);
  });

  it('has the input of a provider’s own tool once its block has ended', () => {
    const opened: Block = {
      type: 'vendor',
      vendor: 'anthropic',
      value: { type: 'server_tool_use', id: 's', input: {} },
    };
    const { content } = draftOf(
      ...block(0, opened, [
        { type: 'arguments', text: '{"query":' },
        { type: 'arguments', text: '"x"}' },
      ]),
    );
    expect(content).toEqual([
      { type: 'vendor', vendor: 'anthropic', value: { type: 'server_tool_use', id: 's', input: { query: 'x' } } },
    ]);
  });

  it('has what came of a block that broke off', () => {
    const { content, ended } = draftOf(
      ...block(0, { type: 'text', text: '' }, [{ type: 'text', text: 'It i' }], false),
    );
    expect({ content, ended }).toEqual({ content: [{ type: 'text', text: 'It i' }], ended: false });
  });

  it('knows the model, the stop and the tokens of a whole answer', () => {
    const draft = draftOf(
      { type: 'start', id: '1', model: 'served', created: 0, dropped: [] },
      { type: 'stop', stop: { reason: 'length' } },
      { type: 'end', tokens: noTokens },
    );
    expect(draft).toMatchObject({ model: 'served', stop: { reason: 'length' }, tokens: noTokens, ended: true });
  });
});
