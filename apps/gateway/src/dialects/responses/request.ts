import type { CompletionRequest, Message, OutputFormat } from '@parley/contracts';
import { given, isGiven, withoutNulls } from '../openai/nulls.js';
import { echoOf } from './echo.js';
import { fromInput } from './input.js';
import { names } from './names.js';
import type { Given, ResponseRequest } from './request.schema.js';
import { judgeFields } from './stateless.js';
import { fromTool, fromToolChoice } from './tools.js';
import { Uncarried } from './uncarried.js';

function outputFormat(wire: NonNullable<Given<'text'>['format']>): OutputFormat {
  if (wire.type !== 'json_schema') return { type: wire.type };
  const { strict, ...schema } = wire;
  return { ...schema, ...(typeof strict === 'boolean' && { strict }) };
}

/** Which of two names for the same field was used, as chat completions have them too. */
const identified = ({ user, safety_identifier }: ResponseRequest) =>
  !isGiven(user) && isGiven(safety_identifier) ? { user_field: 'safety_identifier' } : { safety_identifier };

function cacheOptions({ prompt_cache_options: options }: ResponseRequest): object | undefined {
  const { mode, ttl } = options ?? {};
  return withoutNulls({ mode, ttl: ttl === '30m' ? ttl : undefined });
}

const wantsLogprobs = ({ include, top_logprobs }: ResponseRequest): boolean =>
  (top_logprobs ?? 0) > 0 || (include?.includes('message.output_text.logprobs') ?? false);

/** What both of OpenAI’s dialects have, as its chat completions spell it. */
const forOpenAi = (wire: ResponseRequest) =>
  withoutNulls({
    ...identified(wire),
    prompt_cache_key: wire.prompt_cache_key,
    prompt_cache_options: cacheOptions(wire),
    prompt_cache_retention: wire.prompt_cache_retention,
    service_tier: wire.service_tier,
    verbosity: wire.text?.verbosity,
    ...(wantsLogprobs(wire) && { logprobs: true, top_logprobs: wire.top_logprobs }),
  });

/** Who asks for a summary wants to see thoughts, which Anthropic shows where it is told to. */
function forAnthropic({ reasoning }: ResponseRequest): Record<string, unknown> | undefined {
  const wanted = reasoning?.summary ?? reasoning?.generate_summary;
  if (!isGiven(wanted) || reasoning?.effort === 'none') return undefined;
  return { thinking: { type: 'adaptive', display: 'summarized' } };
}

function vendorBag(wire: ResponseRequest): CompletionRequest['vendor'] {
  const [openai, anthropic] = [forOpenAi(wire), forAnthropic(wire)];
  return openai || anthropic ? { ...(openai && { openai }), ...(anthropic && { anthropic }) } : undefined;
}

function conversation({ instructions, input }: ResponseRequest, uncarried: Uncarried): Message[] {
  const messages = fromInput(input, uncarried);
  if (!isGiven(instructions)) return messages;
  return [{ role: 'system', content: [{ type: 'text', text: instructions }] }, ...messages];
}

/** A checked request. @throws AppError model.unsupported_parameter for what needs a store, or OpenAI itself. */
export function fromResponseRequest(wire: ResponseRequest): CompletionRequest {
  const uncarried = new Uncarried();
  judgeFields(wire, uncarried);
  const format = wire.text?.format;
  const request: CompletionRequest = {
    model: wire.model,
    messages: conversation(wire, uncarried),
    stream: wire.stream ?? false,
    max_tokens: given(wire.max_output_tokens),
    temperature: given(wire.temperature),
    top_p: given(wire.top_p),
    tools: wire.tools?.map((tool, index) => fromTool(tool, `tools.${index}`, uncarried)),
    tool_choice: wire.tool_choice ? fromToolChoice(wire.tool_choice, uncarried) : undefined,
    parallel_tool_calls: given(wire.parallel_tool_calls),
    output: format ? outputFormat(format) : undefined,
    effort: given(wire.reasoning?.effort),
    user: given(wire.user ?? wire.safety_identifier),
    vendor: vendorBag(wire),
    names,
    echo: echoOf(wire),
  };
  return { ...request, dropped: uncarried.dropped };
}
