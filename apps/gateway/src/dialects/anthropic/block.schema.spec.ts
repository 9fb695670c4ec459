import type { ContentBlockParam, ToolUnion } from '@anthropic-ai/sdk/resources/messages';
import { expect, it } from '@jest/globals';
import { contentBlock } from './block.schema.js';
import { toolParam } from './tool.schema.js';

/** The compiler fails here when the SDK has a type that is not in these lists, or the lists have one too many. */
const blocks: Record<ContentBlockParam['type'], true> = {
  bash_code_execution_tool_result: true,
  code_execution_tool_result: true,
  container_upload: true,
  document: true,
  image: true,
  redacted_thinking: true,
  search_result: true,
  server_tool_use: true,
  text: true,
  text_editor_code_execution_tool_result: true,
  thinking: true,
  tool_result: true,
  tool_search_tool_result: true,
  tool_use: true,
  web_fetch_tool_result: true,
  web_search_tool_result: true,
};
const tools: Record<NonNullable<ToolUnion['type']>, true> = {
  bash_20250124: true,
  browser_toolset_20260801: true,
  code_execution_20250522: true,
  code_execution_20250825: true,
  code_execution_20260120: true,
  code_execution_20260521: true,
  computer_toolset_20260801: true,
  custom: true,
  memory_20250818: true,
  text_editor_20250124: true,
  text_editor_20250429: true,
  text_editor_20250728: true,
  tool_search_tool_bm25: true,
  tool_search_tool_bm25_20251119: true,
  tool_search_tool_regex: true,
  tool_search_tool_regex_20251119: true,
  web_fetch_20250910: true,
  web_fetch_20260209: true,
  web_fetch_20260309: true,
  web_fetch_20260318: true,
  web_search_20250305: true,
  web_search_20260209: true,
  web_search_20260318: true,
};

it.each(Object.keys(blocks))('a block of type %s is known', (type) => {
  const { error } = contentBlock.safeParse({ type });
  expect(error?.issues.map(({ path }) => path)).not.toContainEqual(['type']);
});

it.each(Object.keys(tools))('a tool of type %s is known', (type) => {
  const { error } = toolParam.safeParse({ type });
  expect(error?.issues.map(({ path }) => path) ?? []).not.toContainEqual(['type']);
});

it('no other type is known', () => {
  expect([contentBlock.options.length, toolParam.options.length]).toEqual([
    Object.keys(blocks).length,
    Object.keys(tools).length,
  ]);
});
