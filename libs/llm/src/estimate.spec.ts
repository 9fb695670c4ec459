import { describe, expect, it } from '@jest/globals';
import type { Block, CompletionRequest, StreamEvent } from '@parley/contracts';
import fc from 'fast-check';
import { estimateInput, estimateTokens } from './estimate.js';
import { StreamTally } from './stream-tally.js';

const asking = (...content: Block[]): CompletionRequest => ({
  model: 'm',
  stream: true,
  messages: [{ role: 'user', content }],
});

/** The block as it is streamed: its beginning, and what it says in as many deltas as there are words. */
function streamed(block: Block, index: number): StreamEvent[] {
  const begin = (empty: Block): StreamEvent => ({ type: 'block_start', index, block: empty });
  const deltas = (type: 'text' | 'reasoning' | 'refusal' | 'arguments', text: string) =>
    text.split(/(?= )/).map((word): StreamEvent => ({ type: 'delta', index, delta: { type, text: word } }));
  switch (block.type) {
    case 'text':
    case 'reasoning':
    case 'refusal':
      return [begin({ type: block.type, text: '' }), ...deltas(block.type, block.text)];
    case 'tool_call':
      return [begin({ ...block, arguments: '' }), ...deltas('arguments', block.arguments)];
    default:
      return [begin(block)];
  }
}

describe('an estimate', () => {
  it('is the same for an answer that came whole and for one that was streamed', () => {
    const text = fc.string();
    const block = fc.oneof(
      fc.record({ type: fc.constantFrom('text' as const, 'reasoning' as const, 'refusal' as const), text }),
      fc.record({ type: fc.constant('tool_call' as const), id: text, name: text, arguments: text }),
    );
    fc.assert(
      fc.property(fc.array(block), fc.array(block), (asked, said) => {
        const request = asking(...asked);
        const tally = new StreamTally(request);
        for (const [index, one] of said.entries()) tally.add(streamed(one, index));
        tally.add([{ type: 'end' }]);
        const whole = estimateTokens(request, { choices: [{ content: said, stop: { reason: 'end' } }] });
        expect(tally).toMatchObject({ ended: true, estimated: true, tokens: whole });
      }),
    );
  });

  it('counts an image as an image, and a file by its size, not by the text that they are sent as', () => {
    const data = 'A'.repeat(1_000_000);
    const source = { kind: 'base64' as const, media_type: 'image/png', data };
    expect(estimateInput(asking({ type: 'image', source }))).toBe(1_600);
    expect(estimateInput(asking({ type: 'document', source: { ...source, media_type: 'application/pdf' } }))).toBe(
      25_000,
    );
    const told: Block = { type: 'tool_result', call_id: '1', content: [{ type: 'image', source }] };
    expect(estimateInput(asking(told))).toBe(1_600);
  });

  it('counts the tools that are offered', () => {
    const tools: CompletionRequest['tools'] = [{ type: 'function', name: 'weather', description: 'x'.repeat(400) }];
    expect(estimateInput({ ...asking(), tools })).toBeGreaterThan(100);
  });
});
