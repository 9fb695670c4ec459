import { z } from 'zod';
import { cacheControl } from './cache.schema.js';
import { citationsConfig, document, image, textParam } from './media.schema.js';
import { caller, serverToolResults, serverToolUse, toolReference } from './server-tool.schema.js';

const searchResult = z.strictObject({
  type: z.literal('search_result'),
  content: z.array(textParam),
  source: z.string(),
  title: z.string(),
  cache_control: cacheControl,
  citations: citationsConfig.optional(),
});

const text = z.string().optional();
const download = { download_id: z.string(), url: z.string() };

/** What a browser shows after a call of one of its tools. */
const browserState = z.strictObject({
  type: z.literal('browser_state'),
  tabs: z.array(
    // What of it is demanded is the provider's to judge.
    z.strictObject({ tab_id: text, title: text, url: text, active: z.boolean().optional() }),
  ),
  state_changes: z
    .array(
      z.discriminatedUnion('type', [
        z.strictObject({ type: z.literal('tab_opened'), tab_id: z.string() }),
        z.strictObject({ type: z.literal('download_started'), ...download }),
        z.strictObject({
          type: z.literal('download_completed'),
          ...download,
          path: z.string().nullish(),
          size_bytes: z.int().nullish(),
        }),
        z.strictObject({ type: z.literal('download_failed'), ...download, error: z.string().nullish() }),
      ]),
    )
    .nullish(),
  cache_control: cacheControl,
});

const toolResult = z.strictObject({
  type: z.literal('tool_result'),
  tool_use_id: z.string(),
  content: z
    .union([
      z.string(),
      z.array(z.discriminatedUnion('type', [textParam, image, searchResult, document, toolReference, browserState])),
    ])
    .optional(),
  is_error: z.boolean().optional(),
  cache_control: cacheControl,
  toolset_name: z.string().nullish(),
});

const toolUse = z.strictObject({
  type: z.literal('tool_use'),
  id: z.string(),
  name: z.string(),
  input: z.unknown(),
  cache_control: cacheControl,
  caller,
  toolset_name: z.string().nullish(),
});

/** `ContentBlockParam` of @anthropic-ai/sdk 1.11, every type of block and every field. */
export const contentBlock = z
  .discriminatedUnion('type', [
    textParam,
    image,
    document,
    searchResult,
    toolResult,
    toolUse,
    z.strictObject({ type: z.literal('thinking'), thinking: z.string(), signature: z.string() }),
    z.strictObject({ type: z.literal('redacted_thinking'), data: z.string() }),
    serverToolUse,
    z.strictObject({ type: z.literal('container_upload'), file_id: z.string(), cache_control: cacheControl }),
    ...serverToolResults,
  ])
  .meta({ id: 'AnthropicContentBlock' });
