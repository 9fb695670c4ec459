import { z } from 'zod';
import { tokenCounts } from '../tokens.js';
import { block } from './blocks.js';
import { nativeText, stopDetails } from './completion.js';
import { vendorName } from './vendor.js';

const part = {
  /** Which choice, where the caller asked for more than one; 0 if absent. */
  choice: z.int().optional(),
  /** The provider’s own text of this event; empty where the text of the next one tells both. */
  native: nativeText.optional(),
};
const text = z.string();
/** Of `tokens.cache_write`, those written for an hour, where the provider tells them apart. */
const cache_write_1h = z.int().optional();
/** The provider’s tier of service where it is another than the standard one, and so has prices of its own. */
const tier = z.string().optional();

export const streamDelta = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('text'), text }),
  z.strictObject({ type: z.literal('reasoning'), text }),
  z.strictObject({ type: z.literal('signature'), text }),
  z.strictObject({ type: z.literal('refusal'), text }),
  /** More JSON text of a tool call’s arguments. */
  z.strictObject({ type: z.literal('arguments'), text }),
  z.strictObject({ type: z.literal('vendor'), vendor: vendorName, value: z.record(z.string(), z.unknown()) }),
]);
export type StreamDelta = z.infer<typeof streamDelta>;

/**
 * A streamed answer: `start`, then blocks one after the other (`block_start`, `delta`…, `block_end`, numbered by `index`
 * within their choice), one `stop` per choice, and `end` with the tokens. A stream without `end` was cut off.
 */
export const streamEvent = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('start'),
    id: z.string(),
    model: z.string(),
    created: z.int(),
    dropped: z.array(z.string()),
    /** What is known of the usage so far. */
    tokens: tokenCounts.optional(),
    cache_write_1h,
    tier,
    native: nativeText.optional(),
  }),
  z.strictObject({ type: z.literal('block_start'), index: z.int(), block, ...part }),
  z.strictObject({ type: z.literal('delta'), index: z.int(), delta: streamDelta, ...part }),
  z.strictObject({ type: z.literal('block_end'), index: z.int(), ...part }),
  z.strictObject({ type: z.literal('stop'), stop: stopDetails, ...part }),
  /** `tokens` is absent where the provider gave none. */
  z.strictObject({
    type: z.literal('end'),
    tokens: tokenCounts.optional(),
    cache_write_1h,
    tier,
    native: nativeText.optional(),
  }),
  /** Something of the provider’s that has no meaning elsewhere. */
  z.strictObject({ type: z.literal('vendor'), native: nativeText }),
]);
export type StreamEvent = z.infer<typeof streamEvent>;

/** The events of one chunk from the provider, in order: what arrived together is passed on together. */
export type StreamBatch = readonly StreamEvent[];
