import type { CompletionRequest, OutputFormat, Tool, ToolChoice } from '@parley/contracts';
import { fromChatMessages } from './messages.js';
import { given, withoutNulls } from './nulls.js';
import type { ChatRequest } from './request.schema.js';

type Wire<Field extends keyof ChatRequest> = NonNullable<ChatRequest[Field]>;

function tool(wire: Wire<'tools'>[number]): Tool {
  if (wire.type === 'custom') return { type: 'vendor', vendor: 'openai', value: wire };
  const { strict, ...definition } = wire.function;
  return { type: 'function', ...definition, ...(typeof strict === 'boolean' && { strict }) };
}

function toolChoice(wire: Wire<'tool_choice'>): ToolChoice {
  if (typeof wire === 'string') return { type: wire };
  if (wire.type === 'function') return { type: 'tool', name: wire.function.name };
  return { type: 'vendor', vendor: 'openai', value: wire };
}

function outputFormat(wire: Wire<'response_format'>): OutputFormat {
  if (wire.type !== 'json_schema') return { type: wire.type };
  const { strict, ...schema } = wire.json_schema;
  return { type: 'json_schema', ...schema, ...(typeof strict === 'boolean' && { strict }) };
}

/** Which of two names for the same field was used, so that a server which knows only that one gets it. */
const spelling = ({ max_tokens, max_completion_tokens, user, safety_identifier }: ChatRequest) => ({
  max_tokens_field: max_completion_tokens ? 'max_completion_tokens' : max_tokens && 'max_tokens',
  user_field: safety_identifier && user === undefined ? 'safety_identifier' : undefined,
  safety_identifier: user === undefined ? undefined : safety_identifier,
});

/** A checked request. What OpenAI alone has stays in its bag. */
export function fromChatRequest(wire: ChatRequest): CompletionRequest {
  const { model, messages, stream, max_tokens, max_completion_tokens, temperature, top_p, stop, ...more } = wire;
  const { tools, tool_choice, parallel_tool_calls, response_format, reasoning_effort, user, ...own } = more;
  const openai = withoutNulls({ ...own, ...spelling(wire) });
  return {
    model,
    messages: fromChatMessages(messages),
    stream: stream ?? false,
    max_tokens: given(max_completion_tokens ?? max_tokens),
    temperature: given(temperature),
    top_p: given(top_p),
    stop: typeof stop === 'string' ? [stop] : given(stop),
    tools: tools?.map(tool),
    tool_choice: tool_choice && toolChoice(tool_choice),
    parallel_tool_calls: given(parallel_tool_calls),
    output: response_format && outputFormat(response_format),
    effort: given(reasoning_effort),
    user: user ?? given(own.safety_identifier),
    vendor: openai && { openai },
  };
}
