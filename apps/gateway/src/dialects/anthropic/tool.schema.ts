import { z } from 'zod';
import { cacheControl } from './cache.schema.js';
import { toolsets } from './toolset.schema.js';

const object = z.record(z.string(), z.unknown());
const names = z.array(z.string());

/** What most tools share. */
const common = {
  allowed_callers: names.optional(),
  cache_control: cacheControl,
  defer_loading: z.boolean().optional(),
  strict: z.boolean().optional(),
};
const examples = { input_examples: z.array(object).optional() };
const uses = { max_uses: z.int().nullish() };
const domains = { allowed_domains: names.nullish(), blocked_domains: names.nullish() };
const inclusion = { response_inclusion: z.enum(['full', 'excluded']).optional() };

const place = z.string().nullish();
const search = {
  ...common,
  ...uses,
  ...domains,
  user_location: z
    .strictObject({
      type: z.literal('approximate').optional(),
      city: place,
      country: place,
      region: place,
      timezone: place,
    })
    .nullish(),
};

const all = z.strictObject({ type: z.literal('all') });
const none = z.strictObject({ type: z.literal('none') });
const someTools = z.array(z.strictObject({ type: z.literal('tool_reference'), name: z.string() }));
const ofTools = z
  .discriminatedUnion('type', [
    all,
    none,
    z.strictObject({ type: z.literal('only'), tools: someTools }),
    z.strictObject({ type: z.literal('except'), tools: someTools }),
  ])
  .optional();
const fetch = {
  ...common,
  ...uses,
  ...domains,
  citations: z.strictObject({ enabled: z.boolean().optional() }).nullish(),
  max_content_tokens: z.int().nullish(),
  url_sources: z
    .strictObject({
      client_tool_results: ofTools,
      server_tool_results: ofTools,
      user_input: z.discriminatedUnion('type', [all, none]).optional(),
    })
    .nullish(),
};
const cachedFetch = { ...fetch, use_cache: z.boolean().optional() };

/** A tool that Anthropic defines: its type, its name, and the fields that it has. */
const defined = <Type extends string, Name extends string, Shape extends z.ZodRawShape>(
  type: Type,
  name: Name,
  fields: Shape,
) => z.strictObject({ type: z.literal(type), name: z.literal(name), ...fields });

const definedTools = [
  defined('bash_20250124', 'bash', { ...common, ...examples }),
  defined('text_editor_20250124', 'str_replace_editor', { ...common, ...examples }),
  defined('text_editor_20250429', 'str_replace_based_edit_tool', { ...common, ...examples }),
  defined('text_editor_20250728', 'str_replace_based_edit_tool', {
    ...common,
    ...examples,
    max_characters: z.int().nullish(),
  }),
  defined('memory_20250818', 'memory', { ...common, ...examples }),
  defined('code_execution_20250522', 'code_execution', common),
  defined('code_execution_20250825', 'code_execution', common),
  defined('code_execution_20260120', 'code_execution', common),
  defined('code_execution_20260521', 'code_execution', common),
  defined('web_search_20250305', 'web_search', search),
  defined('web_search_20260209', 'web_search', search),
  defined('web_search_20260318', 'web_search', { ...search, ...inclusion }),
  defined('web_fetch_20250910', 'web_fetch', fetch),
  defined('web_fetch_20260209', 'web_fetch', fetch),
  defined('web_fetch_20260309', 'web_fetch', cachedFetch),
  defined('web_fetch_20260318', 'web_fetch', { ...cachedFetch, ...inclusion }),
  defined('tool_search_tool_bm25', 'tool_search_tool_bm25', common),
  defined('tool_search_tool_bm25_20251119', 'tool_search_tool_bm25', common),
  defined('tool_search_tool_regex', 'tool_search_tool_regex', common),
  defined('tool_search_tool_regex_20251119', 'tool_search_tool_regex', common),
] as const;

/** A tool that the caller defines and runs. */
const customTool = z.strictObject({
  type: z.literal('custom').nullish(),
  name: z.string(),
  description: z.string().optional(),
  input_schema: z.looseObject({ type: z.literal('object') }),
  eager_input_streaming: z.boolean().nullish(),
  ...common,
  ...examples,
});
export type CustomTool = z.infer<typeof customTool>;

/** `ToolUnion` of @anthropic-ai/sdk 1.11. */
export const toolParam = z
  .discriminatedUnion('type', [customTool, ...definedTools, ...toolsets])
  .meta({ id: 'AnthropicTool' });
export type ToolParam = z.infer<typeof toolParam>;
