import { anthropicModels, capabilities, releasedAt } from './models.ts';
import type { OfferedTool, Question, Schema } from './question.ts';
import type { Reply } from './reply.ts';
import type { Wire } from './wire.ts';

interface WireBlock {
  readonly type: string;
  readonly text?: string;
  readonly content?: string | readonly WireBlock[];
  readonly cache_control?: { readonly ttl?: string } | null;
}
interface WireMessage {
  readonly role: string;
  readonly content: string | readonly WireBlock[];
}
interface WireRequest {
  readonly model: string;
  readonly messages: readonly WireMessage[];
  readonly system?: string | readonly WireBlock[];
  readonly stream?: boolean;
  readonly max_tokens: number;
  readonly stop_sequences?: readonly string[];
  readonly tools?: readonly { readonly name: string; readonly input_schema?: Schema }[];
  readonly tool_choice?: {
    readonly type: string;
    readonly name?: string;
    readonly disable_parallel_tool_use?: boolean;
  };
  readonly output_config?: { readonly format?: { readonly schema: Schema } | null; readonly effort?: string | null };
  readonly thinking?: { readonly type: string };
}

const blocksOf = (content: string | readonly WireBlock[] | undefined): readonly WireBlock[] =>
  typeof content === 'string' ? [{ type: 'text', text: content }] : (content ?? []);

const textOf = (blocks: readonly WireBlock[]): string =>
  blocks.length === 1 ? (blocks[0]?.text ?? '') : blocks.map(({ text = '' }) => text).join('');

/** Everything up to the last mark is cached, for as long as that says: system first, then the messages. */
function cachedPrefix({ system, messages }: WireRequest): Question['cached'] {
  const blocks = [...blocksOf(system), ...messages.flatMap(({ content }) => blocksOf(content))];
  const last = blocks.findLastIndex((block) => block.cache_control);
  if (last < 0) return undefined;
  const key = JSON.stringify(blocks.slice(0, last + 1));
  return { characters: key.length, key, forAnHour: blocks[last]?.cache_control?.ttl === '1h' };
}

function mustCall(choice: WireRequest['tool_choice']): Question['mustCall'] {
  if (choice?.type === 'tool') return choice.name;
  return choice?.type === 'any' ? true : undefined;
}

const offered = ({ tools = [], tool_choice }: WireRequest): OfferedTool[] =>
  tool_choice?.type === 'none' ? [] : tools.map(({ name, input_schema = {} }) => ({ name, schema: input_schema }));

function conversation(
  request: WireRequest,
): Pick<Question, 'text' | 'system' | 'toolResults' | 'turns' | 'characters' | 'cached'> {
  const { messages, system } = request;
  const last = blocksOf(messages.findLast(({ role }) => role === 'user')?.content);
  const results = last.filter(({ type }) => type === 'tool_result');
  const text = JSON.stringify(messages);
  return {
    text: textOf(last),
    system: textOf(blocksOf(system)),
    toolResults: results.map(({ content }) => textOf(blocksOf(content))),
    turns: messages.filter(({ role }) => role === 'user').length,
    characters: text.length + (system ? JSON.stringify(system).length : 0),
    cached: text.includes('cache_control') || typeof system === 'object' ? cachedPrefix(request) : undefined,
  };
}

/** Without a word about thinking a model decides by the effort, as those do that always may think. */
const thinks = ({ thinking, output_config }: WireRequest): boolean =>
  thinking ? thinking.type !== 'disabled' : typeof output_config?.effort === 'string';

function read(body: Readonly<Record<string, unknown>>): Question {
  const request = body as unknown as WireRequest;
  return {
    ...conversation(request),
    model: request.model,
    stream: request.stream ?? false,
    wantsUsage: true,
    tools: offered(request),
    mustCall: mustCall(request.tool_choice),
    mayCallSeveral: !request.tool_choice?.disable_parallel_tool_use,
    answerSchema: request.output_config?.format?.schema,
    thinks: thinks(request),
    maxTokens: request.max_tokens,
    stopSequences: request.stop_sequences ?? [],
  };
}

const stopReasons = {
  end: 'end_turn',
  length: 'max_tokens',
  stop_sequence: 'stop_sequence',
  tool_calls: 'tool_use',
  refusal: 'refusal',
} as const;

const usageOf = ({ usage }: Reply, output: number): object => ({
  input_tokens: usage.input,
  cache_creation_input_tokens: usage.cacheWrite,
  cache_read_input_tokens: usage.cacheRead,
  cache_creation: {
    ephemeral_5m_input_tokens: usage.cacheWrite - usage.cacheWrite1h,
    ephemeral_1h_input_tokens: usage.cacheWrite1h,
  },
  output_tokens: output,
  output_tokens_details: { thinking_tokens: output > 0 ? usage.reasoning : 0 },
  service_tier: 'standard',
  server_tool_use: null,
  inference_geo: null,
  speed: null,
});

const stopOf = ({ stop, stopSequence }: Reply): object => ({
  stop_reason: stopReasons[stop],
  stop_sequence: stopSequence ?? null,
  stop_details: stop === 'refusal' ? { type: 'refusal', category: null, explanation: 'The script says so.' } : null,
});

const head = ({ id, model }: Reply): object => ({ id: `msg_${id}`, type: 'message', role: 'assistant', model });
const outputTokens = ({ usage }: Reply): number => usage.output + usage.reasoning;
const signature = 'c2lnbmVk';
const direct = { type: 'direct' };

const whole = (reply: Reply): string =>
  JSON.stringify({
    ...head(reply),
    content: [
      ...(reply.thought === undefined ? [] : [{ type: 'thinking', thinking: reply.thought, signature }]),
      ...(reply.pieces.length > 0 ? [{ type: 'text', text: reply.pieces.join(''), citations: null }] : []),
      ...reply.calls.map((call) => ({ type: 'tool_use', ...call, caller: direct })),
    ],
    ...stopOf(reply),
    usage: usageOf(reply, outputTokens(reply)),
    container: null,
    diagnostics: null,
  });

const event = (type: string, fields: object): string =>
  `event: ${type}\ndata: ${JSON.stringify({ type, ...fields })}\n\n`;

/** The events of one block: it opens, its deltas come, it closes. */
const block = (index: number, content_block: object, deltas: readonly object[]): string[] => [
  event('content_block_start', { index, content_block }),
  ...deltas.map((delta) => event('content_block_delta', { index, delta })),
  event('content_block_stop', { index }),
];

function* blocks({ thought, pieces, calls }: Reply): Generator<[object, object[]]> {
  if (thought !== undefined) {
    const deltas = [
      { type: 'thinking_delta', thinking: thought },
      { type: 'signature_delta', signature },
    ];
    yield [{ type: 'thinking', thinking: '', signature: '' }, deltas];
  }
  if (pieces.length > 0)
    yield [{ type: 'text', text: '', citations: null }, pieces.map((text) => ({ type: 'text_delta', text }))];
  for (const { input, ...call } of calls) {
    const json = JSON.stringify(input);
    const parts = [json.slice(0, 5), json.slice(5)].filter((part) => part !== '');
    const deltas = parts.map((partial_json) => ({ type: 'input_json_delta', partial_json }));
    yield [{ type: 'tool_use', ...call, input: {}, caller: direct }, deltas];
  }
}

function events(reply: Reply): string[] {
  const opening = { stop_reason: null, stop_sequence: null, stop_details: null, container: null, diagnostics: null };
  const message = { ...head(reply), content: [], ...opening, usage: usageOf(reply, 0) };
  return [
    event('message_start', { message }),
    event('ping', {}),
    ...[...blocks(reply)].flatMap(([content, deltas], index) => block(index, content, deltas)),
    event('message_delta', {
      delta: { ...stopOf(reply), container: null },
      usage: usageOf(reply, outputTokens(reply)),
    }),
    event('message_stop', {}),
  ];
}

const errorTypes: Readonly<Record<number, string>> = {
  400: 'invalid_request_error',
  401: 'authentication_error',
  403: 'permission_error',
  404: 'not_found_error',
  413: 'request_too_large',
  429: 'rate_limit_error',
  529: 'overloaded_error',
};

const errorBody = (status: number, message: string): object => ({
  type: 'error',
  error: { type: errorTypes[status] ?? (status < 500 ? 'invalid_request_error' : 'api_error'), message },
  request_id: 'req_offline',
});

const info = (id: string): object => ({
  type: 'model',
  id,
  display_name: id,
  created_at: releasedAt.toISOString(),
  max_input_tokens: 200_000,
  max_tokens: 64_000,
  capabilities,
  lifecycle: 'active',
  line: null,
  deprecated_at: null,
  retires_at: null,
});

export const anthropic: Wire = {
  read,
  whole,
  events,
  error: (status, message) => JSON.stringify(errorBody(status, message)),
  errorEvent: () => `event: error\ndata: ${JSON.stringify(errorBody(529, 'Overloaded'))}\n\n`,
  models() {
    const [first_id, last_id] = [anthropicModels.at(0), anthropicModels.at(-1)];
    return JSON.stringify({ data: anthropicModels.map(info), has_more: false, first_id, last_id });
  },
  model: (id) => JSON.stringify(info(id)),
};

/** `POST /v1/messages/count_tokens`: the same question and the same faults, answered by its length. Nothing is cached by it. */
export const anthropicTokenCount: Wire = {
  ...anthropic,
  read: (body) => ({ ...read(body), stream: false, cached: undefined }),
  whole: ({ usage }) => JSON.stringify({ input_tokens: usage.input }),
};
