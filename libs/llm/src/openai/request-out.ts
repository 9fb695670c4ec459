import type { CompletionRequest, OutputFormat, Tool, ToolChoice } from '@parley/contracts';
import type {
  ChatCompletionCreateParamsBase,
  ChatCompletionTool,
  ChatCompletionToolChoiceOption,
} from 'openai/resources/chat/completions';
import type { FunctionDefinition, ResponseFormatJSONSchema } from 'openai/resources/shared';
import type { Losses } from '../losses.js';
import { anthropicMessageFields, anthropicRequestFields, anthropicToolFields } from './foreign-fields.js';
import { toOpenAiMessages } from './messages-out.js';
import type { MaxTokensField, ServerManner } from './server-manner.js';

function tool(tool: Tool, losses: Losses): ChatCompletionTool {
  if (tool.type === 'vendor') {
    if (tool.vendor !== 'openai') losses.refuse(`tools.${String(tool.value['type'])}`);
    return tool.value as unknown as ChatCompletionTool;
  }
  if (tool.cache) losses.drop('cache_control');
  losses.judge(tool.vendor, 'anthropic', anthropicToolFields, 'tools.');
  const { name, description, parameters, strict } = tool;
  return { type: 'function', function: { name, description, parameters, strict } as FunctionDefinition };
}

function toolChoice(choice: ToolChoice, losses: Losses): ChatCompletionCreateParamsBase['tool_choice'] {
  if (choice.type === 'tool') return { type: 'function', function: { name: choice.name } };
  if (choice.type !== 'vendor') return choice.type;
  if (choice.vendor !== 'openai') return losses.refuse('tool_choice');
  return choice.value as unknown as ChatCompletionToolChoiceOption;
}

/** OpenAI wants a name for a schema, which other vendors do not have. */
function responseFormat(output: OutputFormat): ChatCompletionCreateParamsBase['response_format'] {
  if (output.type !== 'json_schema') return { type: output.type };
  const { type, name = 'answer', ...rest } = output;
  return { type, json_schema: { name, ...rest } as ResponseFormatJSONSchema.JSONSchema };
}

/** Undefined stands for absent, as it does in JSON. */
type Wire<T> = { [Field in keyof T]: T[Field] | undefined };

/** The body of `POST /chat/completions`. @throws AppError model.unsupported_parameter for what OpenAI cannot carry. */
export function toOpenAiRequest(
  request: CompletionRequest,
  manner: ServerManner,
  losses: Losses,
): Wire<ChatCompletionCreateParamsBase> {
  losses.judge(request.vendor, 'anthropic', anthropicRequestFields);
  const {
    max_tokens_field = manner.maxTokensField,
    user_field = 'user',
    stream_options,
    ...own
  } = request.vendor?.openai ?? {};
  const { tool_choice, output } = request;
  return {
    model: request.model,
    messages: request.messages.flatMap((message) => {
      losses.judge(message.vendor, 'anthropic', anthropicMessageFields, 'messages.');
      return toOpenAiMessages(message, manner, losses);
    }),
    [max_tokens_field as MaxTokensField]: request.max_tokens,
    temperature: request.temperature,
    top_p: request.top_p,
    stop: request.stop,
    tools: request.tools?.map((one) => tool(one, losses)),
    tool_choice: tool_choice && toolChoice(tool_choice, losses),
    parallel_tool_calls: request.parallel_tool_calls,
    response_format: output && responseFormat(output),
    reasoning_effort: request.effort,
    [user_field as 'user' | 'safety_identifier']: request.user,
    ...own,
    stream: request.stream || undefined,
    // Every stream is accounted for; the caller gets the usage only where it asked too.
    stream_options: request.stream
      ? { ...(stream_options as object), include_usage: true }
      : (stream_options as object),
  };
}
