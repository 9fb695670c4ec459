import { openaiModels, releasedAt } from './models.ts';
import type { Question, Schema } from './question.ts';
import type { Reply } from './reply.ts';
import type { Wire } from './wire.ts';

interface WirePart {
  readonly text?: string;
}
interface WireMessage {
  readonly role: string;
  readonly content?: string | readonly WirePart[] | null;
}
interface WireRequest {
  readonly model: string;
  readonly messages: readonly WireMessage[];
  readonly stream?: boolean | null;
  readonly stream_options?: { readonly include_usage?: boolean } | null;
  readonly max_tokens?: number | null;
  readonly max_completion_tokens?: number | null;
  readonly stop?: string | readonly string[] | null;
  readonly tools?: readonly { readonly function?: { readonly name: string; readonly parameters?: Schema } }[];
  readonly tool_choice?: string | { readonly function?: { readonly name: string } };
  readonly parallel_tool_calls?: boolean;
  readonly response_format?: { readonly json_schema?: { readonly schema?: Schema } };
  readonly reasoning_effort?: string | null;
  readonly prompt_cache_key?: string;
}

const textOf = (content: WireMessage['content']): string =>
  typeof content === 'string' ? content : (content ?? []).map(({ text = '' }) => text).join('');

/** Results stand after the last thing that user and model said. */
function toolResults(messages: readonly WireMessage[]): string[] {
  const last = messages.findLastIndex(({ role }) => role !== 'tool' && role !== 'function');
  return messages.slice(last + 1).map(({ content }) => textOf(content));
}

function mustCall(choice: WireRequest['tool_choice']): Question['mustCall'] {
  if (typeof choice === 'object') return choice.function?.name;
  return choice === 'required' ? true : undefined;
}

/** With a cache key everything but the last message is cached, as by OpenAI’s own prefix cache. */
function cachedPrefix({ messages, prompt_cache_key }: WireRequest): Question['cached'] {
  if (prompt_cache_key === undefined || messages.length < 2) return undefined;
  const prefix = JSON.stringify(messages.slice(0, -1));
  return { characters: prefix.length, key: prompt_cache_key + prefix };
}

function offered({ tools = [], tool_choice }: WireRequest): Question['tools'] {
  if (tool_choice === 'none') return [];
  return tools.flatMap(({ function: tool }) => (tool ? { name: tool.name, schema: tool.parameters ?? {} } : []));
}

function conversation(
  request: WireRequest,
): Pick<Question, 'text' | 'system' | 'toolResults' | 'turns' | 'characters' | 'cached'> {
  const { messages } = request;
  return {
    text: textOf(messages.findLast(({ role }) => role === 'user')?.content),
    system: textOf(messages.find(({ role }) => role === 'system' || role === 'developer')?.content),
    toolResults: toolResults(messages),
    turns: messages.filter(({ role }) => role === 'user').length,
    characters: JSON.stringify(messages).length,
    cached: cachedPrefix(request),
  };
}

const thinks = ({ reasoning_effort: effort }: WireRequest): boolean => typeof effort === 'string' && effort !== 'none';

const stopSequences = ({ stop }: WireRequest): readonly string[] => (typeof stop === 'string' ? [stop] : (stop ?? []));

function read(body: Readonly<Record<string, unknown>>): Question {
  const request = body as unknown as WireRequest;
  return {
    ...conversation(request),
    model: request.model,
    stream: request.stream ?? false,
    wantsUsage: request.stream_options?.include_usage ?? false,
    tools: offered(request),
    mustCall: mustCall(request.tool_choice),
    mayCallSeveral: request.parallel_tool_calls ?? true,
    answerSchema: request.response_format?.json_schema?.schema,
    thinks: thinks(request),
    maxTokens: request.max_completion_tokens ?? request.max_tokens ?? undefined,
    stopSequences: stopSequences(request),
  };
}

const finishReasons = {
  end: 'stop',
  length: 'length',
  stop_sequence: 'stop',
  tool_calls: 'tool_calls',
  refusal: 'stop',
} as const;

function usageOf({ usage }: Reply): object {
  const prompt_tokens = usage.input + usage.cacheRead + usage.cacheWrite;
  const completion_tokens = usage.output + usage.reasoning;
  return {
    prompt_tokens,
    completion_tokens,
    total_tokens: prompt_tokens + completion_tokens,
    prompt_tokens_details: { cached_tokens: usage.cacheRead, cache_write_tokens: usage.cacheWrite, audio_tokens: 0 },
    completion_tokens_details: { reasoning_tokens: usage.reasoning, audio_tokens: 0 },
  };
}

const created = releasedAt.getTime() / 1000;
const head = ({ id, model }: Reply, object: string): object => ({ id: `chatcmpl-${id}`, object, created, model });

const callsOf = ({ calls }: Reply): object[] =>
  calls.map(({ id, name, input }, index) => ({
    index,
    id,
    type: 'function',
    function: { name, arguments: JSON.stringify(input) },
  }));

function whole(reply: Reply): string {
  const refused = reply.stop === 'refusal';
  const text = reply.pieces.length > 0 ? reply.pieces.join('') : null;
  const tool_calls = reply.calls.length > 0 ? callsOf(reply).map((call) => ({ ...call, index: undefined })) : undefined;
  const message = {
    role: 'assistant',
    content: refused ? null : text,
    refusal: refused ? text : null,
    annotations: [],
    tool_calls,
  };
  const choice = { index: 0, message, logprobs: null, finish_reason: finishReasons[reply.stop] };
  return JSON.stringify({
    ...head(reply, 'chat.completion'),
    choices: [choice],
    usage: usageOf(reply),
    service_tier: 'default',
    system_fingerprint: 'fp_offline',
  });
}

const data = (value: object): string => `data: ${JSON.stringify(value)}\n\n`;

function deltas(reply: Reply): object[] {
  const field = reply.stop === 'refusal' ? 'refusal' : 'content';
  return [
    { role: 'assistant', content: '', refusal: null },
    ...reply.pieces.map((text) => ({ [field]: text })),
    ...callsOf(reply).map((call) => ({ tool_calls: [call] })),
  ];
}

function events(reply: Reply, { wantsUsage }: Question): string[] {
  const base = { ...head(reply, 'chat.completion.chunk'), service_tier: 'default', system_fingerprint: 'fp_offline' };
  const chunk = (delta: object, finish_reason: string | null): string =>
    data({ ...base, choices: [{ index: 0, delta, logprobs: null, finish_reason }], usage: null });
  return [
    ...deltas(reply).map((delta) => chunk(delta, null)),
    chunk({}, finishReasons[reply.stop]),
    ...(wantsUsage ? [data({ ...base, choices: [], usage: usageOf(reply) })] : []),
    'data: [DONE]\n\n',
  ];
}

const errorBody = (status: number, message: string): object => ({
  error: {
    message,
    type: status < 500 ? 'invalid_request_error' : 'server_error',
    param: null,
    code: status === 404 ? 'model_not_found' : null,
  },
});

const info = (id: string): object => ({ id, object: 'model', created, owned_by: 'parley-offline' });

export const openai: Wire = {
  read,
  whole,
  events,
  error: (status, message) => JSON.stringify(errorBody(status, message)),
  errorEvent: () => data(errorBody(503, 'The server is overloaded')),
  models: () => JSON.stringify({ object: 'list', data: openaiModels.map(info) }),
  model: (id) => JSON.stringify(info(id)),
};
