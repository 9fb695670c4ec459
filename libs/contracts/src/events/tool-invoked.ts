import { z } from 'zod';
import { defineEvent, maxListEntries } from './define.js';

export const toolInvocation = z.object({
  /** Identity of the invocation; a consumer that has seen it ignores it. */
  id: z.uuid(),
  occurred_at: z.iso.datetime(),
  request_id: z.string(),
  subject: z.uuid(),
  api_key_id: z.uuid().nullable(),
  /** `<server id>.<tool name>` */
  tool_id: z.string(),
  server_id: z.string(),
  /** `tool_error` is an answer of the tool that says it failed; `failed` is a call without an answer. */
  outcome: z.enum(['succeeded', 'tool_error', 'failed']),
  /** The code of the error that the caller got, where the outcome is `failed`. */
  error_code: z.string().nullable(),
  duration_ms: z.int().min(0),
});
export type ToolInvocation = z.infer<typeof toolInvocation>;

export const toolInvoked = defineEvent(
  'mcp-hub.tool.invoked.v1',
  'Tools were called and audited; a batch of one tenant. An invocation whose id you have seen counts no more',
  z.object({ invocations: z.array(toolInvocation).min(1).max(maxListEntries) }),
  { list: 'invocations', keptFor: ['analytics'] },
);
