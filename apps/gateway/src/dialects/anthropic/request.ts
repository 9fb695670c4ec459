import type { CompletionRequest, Effort, Message, OutputFormat, Tool, ToolChoice } from '@parley/contracts';
import { fromAnthropicContent, toCacheMark } from '@parley/llm';
import type { IncomingHttpHeaders } from 'node:http';
import type { MessagesRequest } from './request.schema.js';
import type { CustomTool, ToolParam } from './tool.schema.js';

type Wire<Field extends keyof MessagesRequest> = NonNullable<MessagesRequest[Field]>;
type Content = Parameters<typeof fromAnthropicContent>[0];

const isCustom = (wire: ToolParam): wire is CustomTool =>
  wire.type === 'custom' || wire.type === undefined || wire.type === null;

function tool(wire: ToolParam): Tool {
  if (!isCustom(wire)) return { type: 'vendor', vendor: 'anthropic', value: wire };
  const { name, description, input_schema, strict, cache_control, ...rest } = wire;
  const cache = toCacheMark(cache_control);
  return {
    type: 'function',
    name,
    ...(description !== undefined && { description }),
    parameters: input_schema,
    ...(strict !== undefined && { strict }),
    ...(cache && { cache }),
    ...(Object.keys(rest).length > 0 && { vendor: { anthropic: rest } }),
  };
}

function toolChoice(wire: Wire<'tool_choice'>): Pick<CompletionRequest, 'tool_choice' | 'parallel_tool_calls'> {
  const disabled = 'disable_parallel_tool_use' in wire ? wire.disable_parallel_tool_use : undefined;
  const choice: ToolChoice =
    wire.type === 'tool' ? { type: 'tool', name: wire.name } : { type: wire.type === 'any' ? 'required' : wire.type };
  return { tool_choice: choice, ...(disabled !== undefined && { parallel_tool_calls: !disabled }) };
}

/** Anthropic promises that an answer fits the schema, which elsewhere has to be asked for. */
function outputConfig({ effort, format }: Wire<'output_config'>): { effort?: Effort; output?: OutputFormat } {
  const output = format && { type: 'json_schema' as const, schema: format.schema, strict: true };
  return { ...(effort && { effort }), ...(output && { output }) };
}

/** `in_turn` tells an instruction among the turns from the `system` before them, where one could be taken for the other. */
function conversation({ system, messages }: Pick<MessagesRequest, 'system' | 'messages'>): Message[] {
  const turns = messages.map(({ role, content }): Message => {
    const blocks = fromAnthropicContent(content as Content);
    return { role, content: blocks, ...(role === 'system' && { vendor: { anthropic: { in_turn: true } } }) };
  });
  return system === undefined
    ? turns
    : [{ role: 'system', content: fromAnthropicContent(system as Content) }, ...turns];
}

const versionFormat = /^\d{4}-\d\d-\d\d$/;

/** What a client of Anthropic’s says in headers. */
function fromHeaders(headers: IncomingHttpHeaders): Record<string, unknown> {
  const { 'anthropic-beta': betas, 'anthropic-version': version } = headers;
  return {
    ...(typeof betas === 'string' && { betas }),
    ...(typeof version === 'string' && versionFormat.test(version) && { version }),
  };
}

/** A request whose answer is not bounded, since its tokens are only counted. */
type Countable = Omit<MessagesRequest, 'max_tokens'> & { readonly max_tokens?: number | undefined };

/** A checked request; `anthropic-beta` and `anthropic-version` are part of what was asked. */
export function fromMessagesRequest(wire: Countable, headers: IncomingHttpHeaders): CompletionRequest {
  const { model, messages: _messages, system: _system, max_tokens, stream, stop_sequences, tools, ...more } = wire;
  const { tool_choice, output_config, metadata, temperature, top_p, ...rest } = more;
  const anthropic = { ...rest, ...fromHeaders(headers) };
  return {
    model,
    messages: conversation(wire),
    stream: stream ?? false,
    max_tokens,
    temperature,
    top_p,
    stop: stop_sequences,
    tools: tools?.map(tool),
    ...(tool_choice && toolChoice(tool_choice)),
    ...(output_config && outputConfig(output_config)),
    user: metadata?.user_id ?? undefined,
    vendor: Object.keys(anthropic).length > 0 ? { anthropic } : undefined,
  };
}
