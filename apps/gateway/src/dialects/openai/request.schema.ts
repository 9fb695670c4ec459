import { modelName } from '@parley/contracts';
import { z } from 'zod';
import { chatMessage } from './message.schema.js';

const number = z.number().nullish();
const flag = z.boolean().nullish();
const text = z.string().nullish();
const tokens = z.int().min(1).nullish();
const name = z.strictObject({ name: z.string() });
const jsonObject = z.record(z.string(), z.unknown());

const functionDefinition = z.strictObject({
  name: z.string(),
  description: z.string().optional(),
  parameters: jsonObject.optional(),
  strict: flag,
});

const grammar = z.strictObject({ definition: z.string(), syntax: z.enum(['lark', 'regex']) });
const customTool = z.strictObject({
  type: z.literal('custom'),
  custom: z.strictObject({
    name: z.string(),
    description: z.string().optional(),
    format: z
      .discriminatedUnion('type', [
        z.strictObject({ type: z.literal('text') }),
        z.strictObject({ type: z.literal('grammar'), grammar }),
      ])
      .optional(),
  }),
});

const toolChoice = z.union([
  z.enum(['none', 'auto', 'required']),
  z.discriminatedUnion('type', [
    z.strictObject({ type: z.literal('function'), function: name }),
    z.strictObject({ type: z.literal('custom'), custom: name }),
    z.strictObject({
      type: z.literal('allowed_tools'),
      allowed_tools: z.strictObject({ mode: z.enum(['auto', 'required']), tools: z.array(jsonObject) }),
    }),
  ]),
]);

const responseFormat = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('text') }),
  z.strictObject({ type: z.literal('json_object') }),
  z.strictObject({
    type: z.literal('json_schema'),
    json_schema: z.strictObject({
      name: z.string(),
      description: z.string().optional(),
      schema: jsonObject.optional(),
      strict: flag,
    }),
  }),
]);

const moderationMode = z.strictObject({ mode: z.enum(['score', 'block']) }).nullish();
const moderation = z.strictObject({
  model: z.string(),
  policy: z.strictObject({ input: moderationMode, output: moderationMode }).nullish(),
});

const place = z.strictObject({
  city: z.string().optional(),
  country: z.string().optional(),
  region: z.string().optional(),
  timezone: z.string().optional(),
});

/** `ChatCompletionCreateParams` of openai 7.55, every field of it and no other. Ranges are the provider’s to judge. */
export const chatRequest = z.strictObject({
  model: modelName,
  messages: z.array(chatMessage).min(1),
  audio: z
    .strictObject({
      format: z.enum(['wav', 'aac', 'mp3', 'flac', 'opus', 'pcm16']),
      voice: z.union([z.string(), z.strictObject({ id: z.string() })]),
    })
    .nullish(),
  frequency_penalty: number,
  function_call: z.union([z.enum(['none', 'auto']), name]).optional(),
  functions: z.array(functionDefinition.omit({ strict: true })).optional(),
  logit_bias: z.record(z.string(), z.number()).nullish(),
  logprobs: flag,
  max_completion_tokens: tokens,
  max_tokens: tokens,
  metadata: z.record(z.string(), z.string()).nullish(),
  modalities: z.array(z.enum(['text', 'audio'])).nullish(),
  moderation: moderation.nullish(),
  n: z.int().min(1).max(128).nullish(),
  parallel_tool_calls: flag,
  prediction: z
    .strictObject({
      type: z.literal('content'),
      content: z.union([z.string(), z.array(z.strictObject({ type: z.literal('text'), text: z.string() }))]),
    })
    .nullish(),
  presence_penalty: number,
  prompt_cache_key: text,
  prompt_cache_options: z
    .strictObject({ mode: z.enum(['implicit', 'explicit']).optional(), ttl: z.literal('30m').optional() })
    .optional(),
  prompt_cache_retention: z.enum(['in_memory', '24h']).nullish(),
  reasoning_effort: z.enum(['none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max']).nullish(),
  response_format: responseFormat.optional(),
  safety_identifier: text,
  seed: z.int().nullish(),
  service_tier: z.enum(['auto', 'default', 'flex', 'scale', 'priority', 'fast']).nullish(),
  stop: z.union([z.string(), z.array(z.string())]).nullish(),
  store: flag,
  stream: flag,
  stream_options: z
    .strictObject({ include_usage: z.boolean().optional(), include_obfuscation: z.boolean().optional() })
    .nullish(),
  temperature: number,
  tool_choice: toolChoice.optional(),
  tools: z
    .array(
      z.discriminatedUnion('type', [
        z.strictObject({ type: z.literal('function'), function: functionDefinition }),
        customTool,
      ]),
    )
    .optional(),
  top_logprobs: z.int().min(0).max(20).nullish(),
  top_p: number,
  user: z.string().optional(),
  verbosity: z.enum(['low', 'medium', 'high']).nullish(),
  web_search_options: z
    .strictObject({
      search_context_size: z.enum(['low', 'medium', 'high']).optional(),
      user_location: z.strictObject({ type: z.literal('approximate'), approximate: place }).nullish(),
    })
    .optional(),
});
export type ChatRequest = z.infer<typeof chatRequest>;
