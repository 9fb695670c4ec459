import { z } from 'zod';
import { cacheMark, message } from './blocks.js';
import { vendorBag, verbatim } from './vendor.js';

const jsonSchema = z.record(z.string(), z.unknown());

/** A function that the caller runs for the model; `parameters` is its JSON schema. */
export const functionTool = z.strictObject({
  type: z.literal('function'),
  name: z.string(),
  description: z.string().optional(),
  parameters: jsonSchema.optional(),
  strict: z.boolean().optional(),
  cache: cacheMark.optional(),
  vendor: vendorBag.optional(),
});
export type FunctionTool = z.infer<typeof functionTool>;

export const toolDefinition = z.discriminatedUnion('type', [functionTool, verbatim]);
export type Tool = z.infer<typeof toolDefinition>;

export const toolChoice = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('auto') }),
  z.strictObject({ type: z.literal('none') }),
  /** Some tool, whichever the model likes. */
  z.strictObject({ type: z.literal('required') }),
  z.strictObject({ type: z.literal('tool'), name: z.string() }),
  verbatim,
]);
export type ToolChoice = z.infer<typeof toolChoice>;

export const outputFormat = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('text') }),
  z.strictObject({ type: z.literal('json_object') }),
  z.strictObject({
    type: z.literal('json_schema'),
    schema: jsonSchema.optional(),
    name: z.string().optional(),
    description: z.string().optional(),
    strict: z.boolean().optional(),
  }),
]);
export type OutputFormat = z.infer<typeof outputFormat>;

export const reasoningEffort = z.enum(['none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max']);
export type Effort = z.infer<typeof reasoningEffort>;

/** A question to a model, whatever dialect it came in and whichever provider answers it. */
export const completionRequest = z.strictObject({
  model: z.string(),
  messages: z.array(message),
  stream: z.boolean(),
  max_tokens: z.int().optional(),
  temperature: z.number().optional(),
  top_p: z.number().optional(),
  stop: z.array(z.string()).optional(),
  tools: z.array(toolDefinition).optional(),
  tool_choice: toolChoice.optional(),
  parallel_tool_calls: z.boolean().optional(),
  output: outputFormat.optional(),
  effort: reasoningEffort.optional(),
  /** The caller’s own end user, for the provider’s abuse detection. */
  user: z.string().optional(),
  vendor: vendorBag.optional(),
  /** Fields that no provider could carry, left out by the dialect since that does no harm. */
  dropped: z.array(z.string()).optional(),
  /** The dialect’s own names for fields that providers, where they cannot carry them, would name as another dialect does. */
  names: z.record(z.string(), z.string()).optional(),
  /** What the dialect’s answer repeats of what was asked; no provider gets it. */
  echo: z.record(z.string(), z.unknown()).optional(),
});
export type CompletionRequest = z.infer<typeof completionRequest>;
