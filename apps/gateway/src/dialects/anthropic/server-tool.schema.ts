import { z } from 'zod';
import { cacheControl } from './cache.schema.js';
import { document } from './media.schema.js';

/** Who asked for a tool: the model, or code that it runs. */
export const caller = z
  .discriminatedUnion('type', [
    z.strictObject({ type: z.literal('direct') }),
    z.strictObject({ type: z.literal('code_execution_20250825'), tool_id: z.string() }),
    z.strictObject({ type: z.literal('code_execution_20260120'), tool_id: z.string() }),
  ])
  .optional();

/** Codes and other words of Anthropic's are its own: the provider made them, and may make more. */
const error = <Type extends string>(type: Type) => z.strictObject({ type: z.literal(type), error_code: z.string() });
const explained = <Type extends string>(type: Type) =>
  z.strictObject({ type: z.literal(type), error_code: z.string(), error_message: z.string().nullish() });

const output = <Type extends string>(type: Type) => z.strictObject({ type: z.literal(type), file_id: z.string() });
const ended = { return_code: z.int(), stderr: z.string() };
const lines = z.int().nullish();

export const toolReference = z.strictObject({
  type: z.literal('tool_reference'),
  tool_name: z.string(),
  cache_control: cacheControl,
});

const webSearch = z.union([
  z.array(
    z.strictObject({
      type: z.literal('web_search_result'),
      encrypted_content: z.string(),
      title: z.string(),
      url: z.string(),
      page_age: z.string().nullish(),
    }),
  ),
  error('web_search_tool_result_error'),
]);

const webFetch = z.discriminatedUnion('type', [
  error('web_fetch_tool_result_error'),
  z.strictObject({
    type: z.literal('web_fetch_result'),
    content: document,
    url: z.string(),
    retrieved_at: z.string().nullish(),
  }),
]);

const codeOutput = z.array(output('code_execution_output'));
const codeExecution = z.discriminatedUnion('type', [
  error('code_execution_tool_result_error'),
  z.strictObject({ type: z.literal('code_execution_result'), content: codeOutput, stdout: z.string(), ...ended }),
  z.strictObject({
    type: z.literal('encrypted_code_execution_result'),
    content: codeOutput,
    encrypted_stdout: z.string(),
    ...ended,
  }),
]);

const bash = z.discriminatedUnion('type', [
  error('bash_code_execution_tool_result_error'),
  z.strictObject({
    type: z.literal('bash_code_execution_result'),
    content: z.array(output('bash_code_execution_output')),
    stdout: z.string(),
    ...ended,
  }),
]);

const textEditor = z.discriminatedUnion('type', [
  explained('text_editor_code_execution_tool_result_error'),
  z.strictObject({ type: z.literal('text_editor_code_execution_create_result'), is_file_update: z.boolean() }),
  z.strictObject({
    type: z.literal('text_editor_code_execution_view_result'),
    content: z.string(),
    file_type: z.enum(['text', 'image', 'pdf']),
    num_lines: lines,
    start_line: lines,
    total_lines: lines,
  }),
  z.strictObject({
    type: z.literal('text_editor_code_execution_str_replace_result'),
    lines: z.array(z.string()).nullish(),
    new_lines: lines,
    new_start: lines,
    old_lines: lines,
    old_start: lines,
  }),
]);

const toolSearch = z.discriminatedUnion('type', [
  explained('tool_search_tool_result_error'),
  z.strictObject({ type: z.literal('tool_search_tool_search_result'), tool_references: z.array(toolReference) }),
]);

const result = <Type extends string, Content extends z.ZodType>(type: Type, content: Content) =>
  z.strictObject({ type: z.literal(type), tool_use_id: z.string(), content, cache_control: cacheControl, caller });

/** What a tool that Anthropic runs is asked. */
export const serverToolUse = z.strictObject({
  type: z.literal('server_tool_use'),
  id: z.string(),
  name: z.string(),
  input: z.unknown(),
  cache_control: cacheControl,
  caller,
});

/** What such tools gave back. */
export const serverToolResults = [
  result('web_search_tool_result', webSearch),
  result('web_fetch_tool_result', webFetch),
  result('code_execution_tool_result', codeExecution),
  result('bash_code_execution_tool_result', bash),
  result('text_editor_code_execution_tool_result', textEditor),
  result('tool_search_tool_result', toolSearch),
] as const;
