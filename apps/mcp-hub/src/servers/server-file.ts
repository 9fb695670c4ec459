import { mcpServerId } from '@parley/contracts';
import { z } from 'zod';

const maxServers = 64;
const variableName = z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'is no name of a variable');

/** How one server is run: a program that speaks MCP over its standard input and output. */
const stdioServer = z.strictObject({
  command: z.string().min(1).max(4_096),
  args: z.array(z.string().max(4_096)).max(256).default([]),
  /** What the program is given beside PATH, HOME and LANG; nothing else of the hub's environment reaches it. */
  env: z.record(variableName, z.string().max(32_768)).default({}),
  /** How long one call may take, 100–600,000 ms. */
  timeout_ms: z.int().min(100).max(600_000).default(60_000),
  /** Its longest answer, as the line that it prints, 1 KiB–64 MiB. */
  max_output_bytes: z
    .int()
    .min(1_024)
    .max(64 * 1_024 * 1_024)
    .default(4 * 1_024 * 1_024),
  /** The tools that callers may know of, by name; the others do not exist for them. Default: all. */
  tools: z.array(z.string().min(1).max(128)).max(1_000).optional(),
});

const servers = z.strictObject({
  mcpServers: z
    .record(mcpServerId, stdioServer)
    .refine((all) => Object.keys(all).length <= maxServers, `has at most ${maxServers} servers`),
});

/** The text of a server file, in the form that MCP clients share: `{"mcpServers": {"<id>": {"command": …}}}`. */
export const serverFile = z
  .string()
  .default('{"mcpServers":{}}')
  .transform((text, context) => {
    try {
      return JSON.parse(text) as unknown;
    } catch {
      // The parser's own message repeats a piece of the text.
      context.addIssue({ code: 'custom', message: 'is not valid JSON' });
      return z.NEVER;
    }
  })
  .pipe(servers)
  .transform(({ mcpServers }) => mcpServers);
export type ServerFile = z.infer<typeof serverFile>;
