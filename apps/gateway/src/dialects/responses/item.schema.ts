import { z } from 'zod';
import { messagePart, resultPart } from './content.schema.js';

/** Names an item in a store, and how far it was: neither means anything to a model. */
const identity = {
  id: z.string().nullish(),
  status: z.enum(['in_progress', 'completed', 'incomplete']).nullish(),
  created_by: z.string().optional(),
};

const caller = z
  .discriminatedUnion('type', [
    z.strictObject({ type: z.literal('direct') }),
    z.strictObject({ type: z.literal('program'), caller_id: z.string() }),
  ])
  .nullish();

/** `type` may be left out of a message alone. */
const message = z.strictObject({
  ...identity,
  type: z.literal('message').optional(),
  role: z.enum(['user', 'assistant', 'system', 'developer']),
  content: z.union([z.string(), z.array(messagePart)]),
  phase: z.enum(['commentary', 'final_answer']).nullish(),
});

const call = {
  ...identity,
  call_id: z.string(),
  name: z.string(),
  async: z.boolean().optional(),
  caller,
  namespace: z.string().nullish(),
};
const functionCall = z.strictObject({
  ...call,
  type: z.literal('function_call'),
  arguments: z.string(),
  /** The SDK’s own `parse` adds this to the answers that callers send back. */
  parsed_arguments: z.unknown().optional(),
});
const customCall = z.strictObject({ ...call, type: z.literal('custom_tool_call'), input: z.string() });

const output = { ...identity, output: z.union([z.string(), z.array(resultPart)]), caller };
const functionOutput = z.strictObject({
  ...output,
  type: z.literal('function_call_output'),
  call_id: z.string().nullish(),
  name: z.string().nullish(),
  namespace: z.string().nullish(),
});
const customOutput = z.strictObject({ ...output, type: z.literal('custom_tool_call_output'), call_id: z.string() });

const reasoning = z.strictObject({
  ...identity,
  type: z.literal('reasoning'),
  summary: z.array(z.strictObject({ type: z.literal('summary_text'), text: z.string() })),
  content: z.array(z.strictObject({ type: z.literal('reasoning_text'), text: z.string() })).nullish(),
  encrypted_content: z.string().nullish(),
});

/** Items of tools that run at OpenAI, and those that point at what OpenAI has stored: known, so that they are refused by name. */
const foreign = z.looseObject({
  type: z.enum([
    'additional_tools',
    'apply_patch_call',
    'apply_patch_call_output',
    'code_interpreter_call',
    'compaction',
    'compaction_trigger',
    'computer_call',
    'computer_call_output',
    'configuration_update',
    'file_search_call',
    'image_generation_call',
    'item_reference',
    'local_shell_call',
    'local_shell_call_output',
    'mcp_approval_request',
    'mcp_approval_response',
    'mcp_call',
    'mcp_list_tools',
    'program',
    'program_output',
    'shell_call',
    'shell_call_output',
    'tool_search_call',
    'tool_search_output',
    'web_search_call',
  ]),
});

/** Each item of `ResponseInputItem` of openai 7.55, by its type. */
export const inputItem = z.discriminatedUnion('type', [
  message,
  functionCall,
  functionOutput,
  customCall,
  customOutput,
  reasoning,
  foreign,
]);
export type InputItem = z.infer<typeof inputItem>;
export type MessageItem = z.infer<typeof message>;
export type CallItem = z.infer<typeof functionCall | typeof customCall>;
export type OutputItem = z.infer<typeof functionOutput | typeof customOutput>;
export type ReasoningItem = z.infer<typeof reasoning>;
