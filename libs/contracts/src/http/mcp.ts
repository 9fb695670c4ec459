import { z } from 'zod';

/** Lower-case letters, digits and dashes, so that `<server>.<tool>` is read in one way. */
export const mcpServerId = z.string().regex(/^[a-z0-9-]{1,32}$/);

export const mcpServer = z
  .strictObject({
    id: mcpServerId,
    status: z.enum(['starting', 'running', 'stopped']),
    /** As the server names itself; null until it has run. */
    name: z.string().nullable(),
    version: z.string().nullable(),
    tools: z.int().nullable().describe('How many tools it has'),
    restarts: z.int(),
  })
  .meta({ id: 'McpServer' });
export type McpServer = z.infer<typeof mcpServer>;
export const mcpServerList = z.strictObject({ data: z.array(mcpServer) }).meta({ id: 'McpServerList' });

export const mcpTool = z
  .strictObject({
    /** `<server id>.<tool name>` */
    id: z.string(),
    name: z.string(),
    title: z.string().nullable(),
    description: z.string().nullable(),
    input_schema: z.record(z.string(), z.unknown()),
    output_schema: z.record(z.string(), z.unknown()).nullable(),
  })
  .meta({ id: 'McpTool' });
export type McpTool = z.infer<typeof mcpTool>;
export const mcpToolList = z.strictObject({ data: z.array(mcpTool) }).meta({ id: 'McpToolList' });

export const invokeToolRequest = z
  .strictObject({ arguments: z.record(z.string(), z.unknown()).default({}) })
  .meta({ id: 'InvokeToolRequest' });

/** `content` and `structured_content` are the tool’s own, as MCP defines them; `is_error` is the tool’s word that it failed. */
export const toolResult = z
  .strictObject({
    invocation_id: z.uuid(),
    content: z.array(z.looseObject({ type: z.string() })),
    structured_content: z.record(z.string(), z.unknown()).nullable(),
    is_error: z.boolean(),
  })
  .meta({ id: 'ToolResult' });
export type ToolResult = z.infer<typeof toolResult>;
