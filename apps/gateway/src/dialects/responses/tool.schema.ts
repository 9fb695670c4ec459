import { z } from 'zod';

const jsonObject = z.record(z.string(), z.unknown());

const common = {
  name: z.string(),
  allowed_callers: z.array(z.enum(['direct', 'programmatic'])).nullish(),
  async: z.boolean().optional(),
  defer_loading: z.boolean().optional(),
};

const functionTool = z.strictObject({
  ...common,
  type: z.literal('function'),
  description: z.string().nullish(),
  output_schema: jsonObject.nullish(),
  parameters: jsonObject.nullish(),
  strict: z.boolean().nullish(),
});
export type FunctionToolWire = z.infer<typeof functionTool>;

const customTool = z.strictObject({
  ...common,
  type: z.literal('custom'),
  description: z.string().optional(),
  format: z
    .discriminatedUnion('type', [
      z.strictObject({ type: z.literal('text') }),
      z.strictObject({ type: z.literal('grammar'), definition: z.string(), syntax: z.enum(['lark', 'regex']) }),
    ])
    .optional(),
});
export type CustomToolWire = z.infer<typeof customTool>;

/** Tools that OpenAI runs, or that its models alone were taught: known, so that they are refused by name. */
const hosted = z.looseObject({
  type: z.enum([
    'apply_patch',
    'code_interpreter',
    'computer',
    'computer_use_preview',
    'file_search',
    'image_generation',
    'local_shell',
    'mcp',
    'namespace',
    'programmatic_tool_calling',
    'shell',
    'tool_search',
    'web_search',
    'web_search_2025_08_26',
    'web_search_preview',
    'web_search_preview_2025_03_11',
  ]),
});

/** `Tool` of openai 7.55. */
export const toolParam = z.discriminatedUnion('type', [functionTool, customTool, hosted]);
export type ToolParam = z.infer<typeof toolParam>;

/** The `tool_choice` of `ResponseCreateParams` of openai 7.55. */
export const toolChoiceParam = z.union([
  z.enum(['none', 'auto', 'required']),
  z.discriminatedUnion('type', [
    z.strictObject({ type: z.literal('function'), name: z.string() }),
    z.strictObject({ type: z.literal('custom'), name: z.string() }),
    z.strictObject({
      type: z.literal('allowed_tools'),
      mode: z.enum(['auto', 'required']),
      tools: z.array(jsonObject),
    }),
    z.looseObject({
      type: z.enum([
        'apply_patch',
        'code_interpreter',
        'computer',
        'computer_use',
        'computer_use_preview',
        'file_search',
        'image_generation',
        'mcp',
        'programmatic_tool_calling',
        'shell',
        'web_search_preview',
        'web_search_preview_2025_03_11',
      ]),
    }),
  ]),
]);
export type ToolChoiceParam = z.infer<typeof toolChoiceParam>;
