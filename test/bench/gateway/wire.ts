/** The one exchange that every contender carries: an OpenAI request in, Anthropic's wire upstream, an OpenAI answer out. */
export const deltas = 50;
const words = Array.from({ length: deltas }, (_, i) => `word${i} `);

/** What the first chunk with a token in it contains. */
export const firstWord = 'word0 ';

export const question = (stream: boolean) =>
  JSON.stringify({
    model: 'claude-sonnet-5-5',
    max_tokens: 256,
    messages: [
      { role: 'system', content: 'You are terse.' },
      { role: 'user', content: 'Say fifty words about the moon, and mind the tides.' },
    ],
    ...(stream ? { stream: true } : {}),
  });

const usage = { input_tokens: 25, cache_creation_input_tokens: 0, cache_read_input_tokens: 0, output_tokens: deltas };
const message = {
  id: 'msg_01BenchBenchBenchBench',
  type: 'message',
  role: 'assistant',
  model: 'claude-sonnet-5-5',
  content: [{ type: 'text', text: words.join('') }],
  stop_reason: 'end_turn',
  stop_sequence: null,
  usage,
};

export const plainAnswer = Buffer.from(JSON.stringify(message));

const event = (data: { type: string }) => Buffer.from(`event: ${data.type}\ndata: ${JSON.stringify(data)}\n\n`);

/** Anthropic's stream of the same answer, an element per write. */
export const streamedAnswer: readonly Buffer[] = [
  event({
    type: 'message_start',
    message: { ...message, content: [], stop_reason: null, usage: { ...usage, output_tokens: 1 } },
  } as never),
  event({ type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } } as never),
  ...words.map((text) =>
    event({ type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text } } as never),
  ),
  event({ type: 'content_block_stop', index: 0 } as never),
  event({
    type: 'message_delta',
    delta: { stop_reason: 'end_turn', stop_sequence: null },
    usage: { output_tokens: deltas },
  } as never),
  event({ type: 'message_stop' }),
];

/** So many elements of it have the first token as their last. */
export const untilFirstToken = 3;

export const modelList = Buffer.from(
  JSON.stringify({
    data: [{ type: 'model', id: message.model, display_name: message.model, created_at: '2026-01-01T00:00:00Z' }],
    has_more: false,
    first_id: message.model,
    last_id: message.model,
  }),
);
