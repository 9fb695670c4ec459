import { z } from 'zod';
import { cacheControl } from './block.schema.js';

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
const search = { ...common, ...uses, ...domains, user_location: object.nullish() };
const fetch = {
  ...common,
  ...uses,
  ...domains,
  citations: z.strictObject({ enabled: z.boolean().optional() }).nullish(),
  max_content_tokens: z.int().nullish(),
  url_sources: object.nullish(),
};
const cachedFetch = { ...fetch, use_cache: z.boolean().optional() };
const toolset = { cache_control: cacheControl, configs: object.nullish() };

/** Tools that Anthropic defines: their type, their name, and the fields that each has. */
const definedTools: readonly (readonly [type: string, name: string | undefined, fields: z.ZodRawShape])[] = [
  ['bash_20250124', 'bash', { ...common, ...examples }],
  ['text_editor_20250124', 'str_replace_editor', { ...common, ...examples }],
  ['text_editor_20250429', 'str_replace_based_edit_tool', { ...common, ...examples }],
  [
    'text_editor_20250728',
    'str_replace_based_edit_tool',
    { ...common, ...examples, max_characters: z.int().nullish() },
  ],
  ['memory_20250818', 'memory', { ...common, ...examples }],
  ['code_execution_20250522', 'code_execution', common],
  ['code_execution_20250825', 'code_execution', common],
  ['code_execution_20260120', 'code_execution', common],
  ['code_execution_20260521', 'code_execution', common],
  ['web_search_20250305', 'web_search', search],
  ['web_search_20260209', 'web_search', search],
  ['web_search_20260318', 'web_search', { ...search, ...inclusion }],
  ['web_fetch_20250910', 'web_fetch', fetch],
  ['web_fetch_20260209', 'web_fetch', fetch],
  ['web_fetch_20260309', 'web_fetch', cachedFetch],
  ['web_fetch_20260318', 'web_fetch', { ...cachedFetch, ...inclusion }],
  ['tool_search_tool_bm25', 'tool_search_tool_bm25', common],
  ['tool_search_tool_bm25_20251119', 'tool_search_tool_bm25', common],
  ['tool_search_tool_regex', 'tool_search_tool_regex', common],
  ['tool_search_tool_regex_20251119', 'tool_search_tool_regex', common],
  ['browser_toolset_20260801', undefined, toolset],
  ['computer_toolset_20260801', undefined, toolset],
];

const definedTool = ([type, name, fields]: (typeof definedTools)[number]) =>
  z.strictObject({ type: z.literal(type), ...(name !== undefined && { name: z.literal(name) }), ...fields });

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
export const toolParam = z.discriminatedUnion('type', [customTool, ...definedTools.map(definedTool)]);
export type ToolParam = z.infer<typeof toolParam>;
