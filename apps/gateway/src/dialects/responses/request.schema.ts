import { modelName } from '@parley/contracts';
import { z } from 'zod';
import { inputItem } from './item.schema.js';
import { toolChoiceParam, toolParam } from './tool.schema.js';

const number = z.number().nullish();
const flag = z.boolean().nullish();
const text = z.string().nullish();
const jsonObject = z.record(z.string(), z.unknown());
const summary = z.enum(['auto', 'concise', 'detailed']).nullish();

const textFormat = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('text') }),
  z.strictObject({ type: z.literal('json_object') }),
  z.strictObject({
    type: z.literal('json_schema'),
    name: z.string(),
    schema: jsonObject,
    description: z.string().optional(),
    strict: flag,
  }),
]);

const included = z.enum([
  'file_search_call.results',
  'web_search_call.results',
  'web_search_call.action.sources',
  'message.input_image.image_url',
  'computer_call_output.output.image_url',
  'code_interpreter_call.outputs',
  'reasoning.encrypted_content',
  'message.output_text.logprobs',
]);

/** `ResponseCreateParams` of openai 7.55, every field of it and no other. Ranges are the provider’s to judge. */
export const responseRequest = z.strictObject({
  model: modelName,
  input: z.union([z.string(), z.array(inputItem).min(1)]),
  access_programs: z
    .strictObject({ cyber: z.enum(['standard', 'daybreak_blue', 'daybreak_red']).optional() })
    .nullish(),
  background: flag,
  context_management: z.array(z.strictObject({ type: z.string(), compact_threshold: number })).nullish(),
  conversation: z.union([z.string(), z.strictObject({ id: z.string() })]).nullish(),
  image: z.strictObject({ context_compression: z.enum(['auto', 'enabled', 'disabled']).optional() }).nullish(),
  include: z.array(included).nullish(),
  instructions: text,
  max_output_tokens: z.int().min(1).nullish(),
  max_tool_calls: z.int().nullish(),
  metadata: z.record(z.string(), z.string()).nullish(),
  moderation: z.looseObject({ model: z.string() }).nullish(),
  parallel_tool_calls: flag,
  previous_response_id: text,
  prompt: z.looseObject({ id: z.string() }).nullish(),
  prompt_cache_key: text,
  prompt_cache_options: z
    .strictObject({
      comparison_response_id: text,
      mode: z.enum(['implicit', 'explicit']).optional(),
      prewarm: z.boolean().optional(),
      ttl: z.enum(['30m', '12h']).optional(),
    })
    .nullish(),
  prompt_cache_retention: z.enum(['in_memory', '24h']).nullish(),
  reasoning: z
    .strictObject({
      context: z.enum(['auto', 'current_turn', 'all_turns']).nullish(),
      effort: z.enum(['none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max']).nullish(),
      generate_summary: summary,
      mode: text,
      summary,
    })
    .nullish(),
  safety_identifier: text,
  service_tier: z.enum(['auto', 'default', 'flex', 'scale', 'priority', 'fast', 'ultrafast']).nullish(),
  store: flag,
  stream: flag,
  stream_options: z.strictObject({ include_obfuscation: z.boolean().optional() }).nullish(),
  temperature: number,
  text: z
    .strictObject({ format: textFormat.nullish(), verbosity: z.enum(['low', 'medium', 'high']).nullish() })
    .nullish(),
  tool_choice: toolChoiceParam.nullish(),
  tools: z.array(toolParam).nullish(),
  top_logprobs: z.int().min(0).max(20).nullish(),
  top_p: number,
  truncation: z.enum(['auto', 'disabled']).nullish(),
  user: text,
});
export type ResponseRequest = z.infer<typeof responseRequest>;
export type Given<Field extends keyof ResponseRequest> = NonNullable<ResponseRequest[Field]>;
