import { z } from 'zod';
import { vendorBag, verbatim } from './vendor.js';

/** Marks the end of a prefix that the provider should cache; without `ttl` for the provider's own default time. */
export const cacheMark = z.strictObject({ ttl: z.enum(['5m', '30m', '1h', '12h']).optional() });
export type CacheMark = z.infer<typeof cacheMark>;

const marks = { cache: cacheMark.optional(), vendor: vendorBag.optional() };

const url = z.strictObject({ kind: z.literal('url'), url: z.string() });
const base64 = z.strictObject({ kind: z.literal('base64'), media_type: z.string(), data: z.string() });
/** A file that was uploaded to the provider beforehand. */
const file = z.strictObject({ kind: z.literal('file'), file_id: z.string() });

export const textBlock = z.strictObject({ type: z.literal('text'), text: z.string(), ...marks });
export type TextBlock = z.infer<typeof textBlock>;

export const imageBlock = z.strictObject({
  type: z.literal('image'),
  source: z.discriminatedUnion('kind', [url, base64, file]),
  detail: z.string().optional(),
  ...marks,
});
export type ImageBlock = z.infer<typeof imageBlock>;

export const documentBlock = z.strictObject({
  type: z.literal('document'),
  source: z.discriminatedUnion('kind', [
    url,
    base64,
    file,
    z.strictObject({ kind: z.literal('text'), text: z.string() }),
    z.strictObject({
      kind: z.literal('blocks'),
      content: z.array(z.discriminatedUnion('type', [textBlock, imageBlock])),
    }),
  ]),
  title: z.string().optional(),
  ...marks,
});
export type DocumentBlock = z.infer<typeof documentBlock>;

/** A model asks for a tool. `arguments` is the JSON text as the model wrote it: writing it anew would miss its prompt cache. */
export const toolCallBlock = z.strictObject({
  type: z.literal('tool_call'),
  id: z.string(),
  name: z.string(),
  arguments: z.string(),
  ...marks,
});
export type ToolCallBlock = z.infer<typeof toolCallBlock>;

export const toolResultBlock = z.strictObject({
  type: z.literal('tool_result'),
  call_id: z.string(),
  content: z.array(z.discriminatedUnion('type', [textBlock, imageBlock, documentBlock, verbatim])),
  is_error: z.boolean().optional(),
  ...marks,
});
export type ToolResultBlock = z.infer<typeof toolResultBlock>;

/** What a model thought. `signature` proves it to its provider in a later turn; `redacted` is thought that only the provider can read. */
export const reasoningBlock = z.strictObject({
  type: z.literal('reasoning'),
  text: z.string(),
  signature: z.string().optional(),
  redacted: z.string().optional(),
});
export type ReasoningBlock = z.infer<typeof reasoningBlock>;

/** A model’s words for why it does not answer. */
export const refusalBlock = z.strictObject({
  type: z.literal('refusal'),
  text: z.string(),
  vendor: vendorBag.optional(),
});
export type RefusalBlock = z.infer<typeof refusalBlock>;

export const block = z.discriminatedUnion('type', [
  textBlock,
  imageBlock,
  documentBlock,
  toolCallBlock,
  toolResultBlock,
  reasoningBlock,
  refusalBlock,
  verbatim,
]);
export type Block = z.infer<typeof block>;

/**
 * One turn. Results of tools are blocks of a `user` message; `system` and `developer` instructions stand where they
 * were given, usually first. `name` tells participants of one role apart.
 */
export const message = z.strictObject({
  role: z.enum(['system', 'developer', 'user', 'assistant']),
  content: z.array(block),
  name: z.string().optional(),
  vendor: vendorBag.optional(),
});
export type Message = z.infer<typeof message>;
