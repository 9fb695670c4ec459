import { z } from 'zod';

const cacheBreakpoint = z
  .strictObject({ mode: z.literal('explicit'), ttl: z.enum(['30m', '12h']).optional() })
  .nullish();
const text = z.string().nullish();

const inputText = z.strictObject({
  type: z.literal('input_text'),
  text: z.string(),
  prompt_cache_breakpoint: cacheBreakpoint,
});
const inputImage = z.strictObject({
  type: z.literal('input_image'),
  detail: z.enum(['auto', 'low', 'high', 'original']).nullish(),
  file_id: text,
  image_url: text,
  prompt_cache_breakpoint: cacheBreakpoint,
});
const inputFile = z.strictObject({
  type: z.literal('input_file'),
  detail: z.enum(['auto', 'low', 'high']).nullish(),
  file_data: text,
  file_id: text,
  file_url: text,
  filename: text,
  prompt_cache_breakpoint: cacheBreakpoint,
});

/** As we answer it: one of Anthropic’s citations in its own words. */
const citation = z.record(z.string(), z.unknown()).optional();
const range = { start_index: z.int(), end_index: z.int() };
const file = { file_id: z.string(), filename: z.string() };
const annotation = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('url_citation'), ...range, title: z.string(), url: z.string(), citation }),
  z.strictObject({ type: z.literal('file_citation'), ...file, index: z.int() }),
  z.strictObject({ type: z.literal('container_file_citation'), ...file, ...range, container_id: z.string() }),
  z.strictObject({ type: z.literal('file_path'), file_id: z.string(), index: z.int() }),
]);
export type AnnotationParam = z.infer<typeof annotation>;

/** The SDK’s own `parse` adds this to the answers that callers send back. */
const parsed = z.unknown().optional();

const outputText = z.strictObject({
  type: z.literal('output_text'),
  text: z.string(),
  annotations: z.array(annotation).nullish(),
  logprobs: z.array(z.unknown()).nullish(),
  parsed,
});
const refusal = z.strictObject({ type: z.literal('refusal'), refusal: z.string(), parsed });

/** What a message may hold, whoever says it: callers write an assistant’s words in either form. */
export const messagePart = z.discriminatedUnion('type', [inputText, inputImage, inputFile, outputText, refusal]);
export type MessagePart = z.infer<typeof messagePart>;
export type PartOf<Type extends MessagePart['type']> = Extract<MessagePart, { type: Type }>;

/** What a tool may give. */
export const resultPart = z.discriminatedUnion('type', [inputText, inputImage, inputFile]);
