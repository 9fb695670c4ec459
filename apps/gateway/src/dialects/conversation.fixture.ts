import type { Choice, Completion, CompletionRequest, StreamBatch, TokenCounts } from '@parley/contracts';

/** One answer with everything that both dialects can say, whole and streamed, as if from a vendor of neither. */
export const tokens: TokenCounts = { input: 10, output: 5, cache_read: 100, cache_write: 50, reasoning: 7 };

export const question: CompletionRequest = { model: 'model-x', stream: false, messages: [] };

const choice: Choice = {
  content: [
    { type: 'reasoning', text: 'They want the weather.', signature: 'c2ln' },
    { type: 'text', text: 'Let me “look” 🦜' },
    { type: 'tool_call', id: 'call_1', name: 'weather', arguments: '{"city":"Bonn"}' },
    { type: 'tool_call', id: 'call_2', name: 'weather', arguments: '{"city":"Köln"}' },
  ],
  stop: { reason: 'tool_calls' },
};

export const answer: Completion = {
  id: 'abc',
  model: 'model-x',
  created: 1_700_000_000,
  choices: [choice],
  tokens,
  estimated: false,
  dropped: [],
};

const call = (index: number, id: string, city: string): StreamBatch => [
  { type: 'block_start', index, block: { type: 'tool_call', id, name: 'weather', arguments: '' } },
  { type: 'delta', index, delta: { type: 'arguments', text: '{"city":' } },
  { type: 'delta', index, delta: { type: 'arguments', text: `"${city}"}` } },
  { type: 'block_end', index },
];

export const streamed: readonly StreamBatch[] = [
  [{ type: 'start', id: 'abc', model: 'model-x', created: 1_700_000_000, dropped: [] }],
  [
    { type: 'block_start', index: 0, block: { type: 'reasoning', text: '' } },
    { type: 'delta', index: 0, delta: { type: 'reasoning', text: 'They want ' } },
    { type: 'delta', index: 0, delta: { type: 'reasoning', text: 'the weather.' } },
    { type: 'delta', index: 0, delta: { type: 'signature', text: 'c2ln' } },
    { type: 'block_end', index: 0 },
  ],
  [
    { type: 'block_start', index: 1, block: { type: 'text', text: '' } },
    { type: 'delta', index: 1, delta: { type: 'text', text: 'Let me “' } },
  ],
  [
    { type: 'delta', index: 1, delta: { type: 'text', text: 'look” 🦜' } },
    { type: 'block_end', index: 1 },
  ],
  call(2, 'call_1', 'Bonn'),
  call(3, 'call_2', 'Köln'),
  [
    { type: 'stop', stop: { reason: 'tool_calls' } },
    { type: 'end', tokens },
  ],
];
