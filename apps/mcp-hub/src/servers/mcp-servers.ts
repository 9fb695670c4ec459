import { AppError, type McpServer as Description, type McpTool } from '@parley/contracts';
import type { Clock, Log, ServiceInfo } from '@parley/service-kit';
import { McpServer } from './mcp-server.js';
import { ProcessGuard } from './process/process-guard.js';
import type { ServersOptions } from './servers.options.js';
import type { Tool } from './tools/tool.js';

/** All servers of the file, by id. */
export class McpServers {
  readonly all: readonly McpServer[];
  private readonly guard: ProcessGuard;

  constructor({ servers, inherited, pingTimeoutMs }: ServersOptions, info: ServiceInfo, clock: Clock, log: Log) {
    this.guard = new ProcessGuard(log);
    const shared = { guard: this.guard, clock, log, pingTimeoutMs, version: info.version };
    this.all = Object.entries(servers).map(
      ([id, { command, args, env, timeout_ms, max_output_bytes, tools }]) =>
        new McpServer({
          ...shared,
          id,
          program: { command, args, env: { ...inherited, ...env } },
          secrets: Object.values(env),
          timeoutMs: timeout_ms,
          maxOutputBytes: max_output_bytes,
          allowedTools: tools,
        }),
    );
  }

  /** All at once, the guard before them; returns at once. */
  start(): void {
    if (this.all.length > 0) this.guard.start();
    for (const server of this.all) server.start();
  }

  /** Ends every program with all that it started. */
  async stop(): Promise<void> {
    await Promise.all(this.all.map((server) => server.stop()));
    this.guard.stop();
  }

  list(): Description[] {
    return this.all.map((server) => server.describe());
  }

  /** @throws AppError mcp_server.not_found, mcp_server.unavailable */
  toolsOf(id: string): McpTool[] {
    const server = this.find(id);
    if (!server) throw new AppError('mcp_server.not_found');
    return [...server.tools.values()].map(({ definition }) => definition);
  }

  /**
   * Takes a tool's id apart, `<server>.<tool>`: the id of a server has no dot.
   * @throws AppError tool.not_found, mcp_server.unavailable
   */
  tool(id: string): { readonly server: McpServer; readonly tool: Tool } {
    const dot = id.indexOf('.');
    const server = this.find(id.slice(0, Math.max(0, dot)));
    const tool = server?.tools.get(id.slice(dot + 1));
    if (!server || !tool) throw new AppError('tool.not_found');
    return { server, tool };
  }

  private find(id: string): McpServer | undefined {
    return this.all.find((server) => server.id === id);
  }
}
