import { z } from 'zod';

const cacheBreakpoint = z
  .strictObject({ mode: z.literal('explicit'), ttl: z.enum(['30m', '12h']).optional() })
  .optional();

const text = z.strictObject({
  type: z.literal('text'),
  text: z.string(),
  prompt_cache_breakpoint: cacheBreakpoint,
});
const image = z.strictObject({
  type: z.literal('image_url'),
  image_url: z.strictObject({ url: z.string(), detail: z.enum(['auto', 'low', 'high', 'original']).optional() }),
  prompt_cache_breakpoint: cacheBreakpoint,
});
const audio = z.strictObject({
  type: z.literal('input_audio'),
  input_audio: z.strictObject({ data: z.string(), format: z.enum(['wav', 'mp3']) }),
  prompt_cache_breakpoint: cacheBreakpoint,
});
const file = z.strictObject({
  type: z.literal('file'),
  file: z.strictObject({
    file_data: z.string().optional(),
    file_id: z.string().optional(),
    filename: z.string().optional(),
  }),
  prompt_cache_breakpoint: cacheBreakpoint,
});
const refusal = z.strictObject({ type: z.literal('refusal'), refusal: z.string() });

const texts = z.union([z.string(), z.array(text)]);

const functionCall = z.strictObject({ name: z.string(), arguments: z.string() });
/** The SDK's own readers put beside a text what they made of it; it says nothing more. */
const parsed = z.unknown().optional();
const toolCall = z.discriminatedUnion('type', [
  z.strictObject({
    id: z.string(),
    type: z.literal('function'),
    function: functionCall.extend({ parsed_arguments: parsed }),
  }),
  z.strictObject({
    id: z.string(),
    type: z.literal('custom'),
    custom: z.strictObject({ name: z.string(), input: z.string() }),
  }),
]);

/** What OpenRouter adds to each, and gets back. */
const labels = { id: z.string().nullish(), format: z.string().nullish(), index: z.int().optional() };

/** Thoughts as we answer them, so that they can come back with their signatures. */
const reasoningDetail = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('reasoning.text'),
    text: z.string().nullish(),
    signature: z.string().nullish(),
    ...labels,
  }),
  z.strictObject({ type: z.literal('reasoning.summary'), summary: z.string(), ...labels }),
  z.strictObject({ type: z.literal('reasoning.encrypted'), data: z.string(), ...labels }),
]);

const annotation = z.strictObject({
  type: z.literal('url_citation'),
  url_citation: z.strictObject({ start_index: z.int(), end_index: z.int(), title: z.string(), url: z.string() }),
  /** As we answer it: one of Anthropic’s citations in its own words, which it made and reads. */
  citation: z.record(z.string(), z.unknown()).optional(),
});

/** The SDK’s parameter type has the id alone; callers send back answers as they came. */
const audioAnswer = z.strictObject({
  id: z.string(),
  data: z.string().optional(),
  expires_at: z.number().optional(),
  transcript: z.string().optional(),
});

/** What stands in answers and not in the SDK’s parameter type, but comes back with them. */
const ofAnswers = {
  annotations: z.array(annotation).nullish(),
  reasoning_content: z.string().nullish(),
  reasoning: z.string().nullish(),
  reasoning_details: z.array(reasoningDetail).nullish(),
  parsed,
};

const assistant = z.strictObject({
  role: z.literal('assistant'),
  content: z.union([z.string(), z.array(z.discriminatedUnion('type', [text, refusal]))]).nullish(),
  name: z.string().optional(),
  refusal: z.string().nullish(),
  audio: audioAnswer.nullish(),
  function_call: functionCall.nullish(),
  tool_calls: z.array(toolCall).nullish(),
  ...ofAnswers,
});

/** Each message of `ChatCompletionMessageParam` of openai 7.55, by its role. */
export const chatMessage = z.discriminatedUnion('role', [
  z.strictObject({ role: z.literal('system'), content: texts, name: z.string().optional() }),
  z.strictObject({ role: z.literal('developer'), content: texts, name: z.string().optional() }),
  z.strictObject({
    role: z.literal('user'),
    content: z.union([z.string(), z.array(z.discriminatedUnion('type', [text, image, audio, file]))]),
    name: z.string().optional(),
  }),
  assistant,
  z.strictObject({ role: z.literal('tool'), content: texts, tool_call_id: z.string() }),
  z.strictObject({ role: z.literal('function'), content: z.string().nullable(), name: z.string() }),
]);
export type ChatMessage = z.infer<typeof chatMessage>;
export type ChatMessageOf<Role extends ChatMessage['role']> = Extract<ChatMessage, { role: Role }>;
export type ChatContentPart = z.infer<typeof text | typeof image | typeof audio | typeof file | typeof refusal>;
