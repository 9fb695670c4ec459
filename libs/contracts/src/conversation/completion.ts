import { z } from 'zod';
import { tokenCounts } from '../tokens.js';
import { block } from './blocks.js';
import { vendorBag, vendorName } from './vendor.js';

/** Why an answer ended. `pause` is a long turn that the caller may continue; `context_window` means that the model’s window is full. */
export const stopReason = z.enum([
  'end',
  'length',
  'stop_sequence',
  'tool_calls',
  'refusal',
  'content_filter',
  'pause',
  'context_window',
]);
export type StopReason = z.infer<typeof stopReason>;

export const stopDetails = z.strictObject({
  reason: stopReason,
  /** The stop sequence that was met. */
  sequence: z.string().optional(),
  /** The provider’s words for a refusal. */
  explanation: z.string().optional(),
});
export type Stop = z.infer<typeof stopDetails>;

/** The provider’s own text of an answer or event: a caller of the same dialect gets it unchanged, so that nothing is lost. */
export const nativeText = z.strictObject({ vendor: vendorName, text: z.string() });
export type Native = z.infer<typeof nativeText>;

export const completionChoice = z.strictObject({ content: z.array(block), stop: stopDetails });
export type Choice = z.infer<typeof completionChoice>;

/** A model’s whole answer. There is one choice unless the caller asked for more. */
export const completion = z.strictObject({
  id: z.string(),
  /** The model as the provider names it. */
  model: z.string(),
  /** Unix seconds. */
  created: z.int(),
  choices: z.tuple([completionChoice], completionChoice),
  tokens: tokenCounts,
  /** Of `tokens.cache_write`, those written for an hour, where the provider tells them apart. */
  cache_write_1h: z.int().optional(),
  /** The provider’s tier of service where it is another than the standard one, and so has prices of its own. */
  tier: z.string().optional(),
  /** True where the provider gave no count and it was estimated. */
  estimated: z.boolean(),
  /** Fields of the request that the provider cannot carry and that were left out. */
  dropped: z.array(z.string()),
  native: nativeText.optional(),
  vendor: vendorBag.optional(),
});
export type Completion = z.infer<typeof completion>;
