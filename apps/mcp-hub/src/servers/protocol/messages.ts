import { z } from 'zod';

/**
 * What the hub looks at in a server's answers; the rest passes as it is. The SDK's own schemas check every block of the
 * content, which on a hot path costs more than all else of a call.
 */
export const callResult = z.looseObject({
  content: z.array(z.looseObject({ type: z.string() })).default([]),
  structuredContent: z.record(z.string(), z.unknown()).optional(),
  isError: z.boolean().default(false),
});
export type CallResult = z.infer<typeof callResult>;

/** Tools are looked at one by one, so that a bad one does not hide the rest. */
export const toolPage = z.looseObject({ tools: z.array(z.unknown()), nextCursor: z.string().optional() });

export const listedTool = z.looseObject({
  /** As the specification bounds it, and as a permission can name it. */
  name: z.string().regex(/^[A-Za-z0-9_.\-/]{1,128}$/),
  title: z.string().optional(),
  description: z.string().optional(),
  inputSchema: z.record(z.string(), z.unknown()),
  outputSchema: z.record(z.string(), z.unknown()).optional(),
});
export type ListedTool = z.infer<typeof listedTool>;
