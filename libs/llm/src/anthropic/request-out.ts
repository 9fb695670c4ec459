import type { MessageCreateParamsBase, OutputConfig } from '@anthropic-ai/sdk/resources/messages';
import type { CompletionRequest, OutputFormat } from '@parley/contracts';
import type { Losses } from '../losses.js';
import { toAnthropicConversation } from './conversation-out.js';
import { openaiRequestFields } from './foreign-fields.js';
import { toAnthropicTool, toAnthropicToolChoice } from './tools-out.js';

/** The last API version that takes sampling parameters (platform.claude.com/docs, migration to 2026-10-21). */
const samplingVersion = '2023-06-01';

/** Undefined stands for absent, as it does in JSON. */
type Wire<T> = { [Field in keyof T]: T[Field] | undefined };

function outputFormat(output: OutputFormat | undefined, losses: Losses): OutputConfig['format'] {
  if (output === undefined || output.type === 'text') return undefined;
  if (output.type === 'json_object') return losses.refuse('response_format.json_object', 'give a json_schema instead');
  if (output.schema === undefined) return losses.refuse('response_format.json_schema', 'its schema is missing');
  if (output.description !== undefined) losses.drop('response_format.json_schema.description');
  return { type: 'json_schema', schema: output.schema };
}

const efforts = { minimal: 'low', low: 'low', medium: 'medium', high: 'high', xhigh: 'xhigh', max: 'max' } as const;

function outputConfig({ output, effort }: CompletionRequest, losses: Losses): Wire<OutputConfig> | undefined {
  const format = outputFormat(output, losses);
  const level = effort === undefined || effort === 'none' ? undefined : efforts[effort];
  return format || level ? { effort: level, format } : undefined;
}

/** Only callers of the older API version may set these; the newer refuses them, so that they are left out and named. */
function sampling(request: CompletionRequest, top_k: unknown, version: unknown, losses: Losses): object | undefined {
  const { temperature, top_p } = request;
  if (temperature === undefined && top_p === undefined && top_k === undefined) return undefined;
  if (version === samplingVersion) return { temperature, top_p, top_k };
  for (const [field, value] of Object.entries({ temperature, top_p, top_k })) {
    if (value !== undefined && value !== 1) losses.drop(field);
  }
  return undefined;
}

/** The body of `POST /v1/messages`. @throws AppError model.unsupported_parameter for what Anthropic cannot carry. */
export function toAnthropicRequest(
  request: CompletionRequest,
  defaultMaxTokens: number,
  losses: Losses,
): Wire<MessageCreateParamsBase> {
  losses.judge(request.vendor, 'openai', openaiRequestFields);
  // The first two are headers, the third has rules of its own; the others are fields of the body as they stand.
  const { betas: _betas, version, top_k, ...own } = request.vendor?.anthropic ?? {};
  const { system, messages } = toAnthropicConversation(request.messages, losses);
  return {
    model: request.model,
    max_tokens: request.max_tokens ?? defaultMaxTokens,
    system,
    messages,
    stop_sequences: request.stop,
    tools: request.tools?.map((tool) => toAnthropicTool(tool, losses)),
    tool_choice: toAnthropicToolChoice(request, losses),
    output_config: outputConfig(request, losses) as OutputConfig | undefined,
    // OpenAI's effort "none" turns thinking off, which is another field at Anthropic's.
    thinking: request.effort === 'none' ? { type: 'disabled' } : undefined,
    metadata: request.user === undefined ? undefined : { user_id: request.user },
    ...sampling(request, top_k, version, losses),
    ...own,
    stream: request.stream || undefined,
  };
}

/** Headers that a request of an Anthropic client asked for, besides its body. */
export function requestHeaders(request: CompletionRequest): Record<string, string> | undefined {
  const { betas, version } = request.vendor?.anthropic ?? {};
  if (betas === undefined && version === undefined) return undefined;
  return {
    ...(typeof betas === 'string' && { 'anthropic-beta': betas }),
    ...(typeof version === 'string' && { 'anthropic-version': version }),
  };
}
