import { readFile } from 'node:fs/promises';
import { silentLog, systemClock, type Log } from '@parley/service-kit';
import { eventually } from '@parley/testing';
import { serverFile } from '../src/servers/server-file.js';
import { McpServers } from '../src/servers/mcp-servers.js';

export interface ServersUnderTest {
  readonly servers: McpServers;
  /** The text of the first block of an answer. */
  call(toolId: string, given?: Readonly<Record<string, unknown>>, signal?: AbortSignal): Promise<string>;
  untilRunning(id: string): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

export interface UnderTestOptions {
  readonly log?: Log;
  readonly pingTimeoutMs?: number;
}

/** Servers as the hub runs them, from entries of a server file; HTTP, audit and permissions are left out. */
export function startServers(
  entries: Readonly<Record<string, object>>,
  { log = silentLog, pingTimeoutMs = 10_000 }: UnderTestOptions = {},
): ServersUnderTest {
  const options = {
    servers: serverFile.parse(JSON.stringify({ mcpServers: entries })),
    inherited: { PATH: process.env['PATH'] ?? '', LANG: 'C.UTF-8' },
    pingTimeoutMs,
  };
  const servers = new McpServers(options, { service: 'mcp-hub', version: '0.0.0', instance: 'test' }, systemClock, log);
  servers.start();
  const never = new AbortController().signal;
  return {
    servers,
    async call(toolId, given = {}, signal = never) {
      const { server, tool } = servers.tool(toolId);
      tool.check(given);
      const result = await server.use((call) => call({ tool: tool.name, arguments: given, signal }), signal);
      return String(result.content[0]?.['text']);
    },
    untilRunning: (id) =>
      eventually(
        () => {
          const status = servers.list().find((server) => server.id === id)?.status;
          if (status !== 'running') throw new Error(`${id} is ${status}`);
        },
        { timeoutMs: 20_000 },
      ),
    [Symbol.asyncDispose]: () => servers.stop(),
  };
}

/** True while a process of this number runs; a zombie, which nobody has waited for yet, has ended. */
export async function isAlive(pid: number): Promise<boolean> {
  try {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2, stat.lastIndexOf(')') + 3) !== 'Z';
  } catch {
    return false;
  }
}
