import { AppError, isAppError } from '@parley/contracts';
import type { Clock, Log } from '@parley/service-kit';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { ErrorCode, McpError, ToolListChangedNotificationSchema } from '@modelcontextprotocol/sdk/types.js';
import { ProcessGroup, type Program } from '../process/process-group.js';
import type { ProcessGuard } from '../process/process-guard.js';
import { PrintedLog } from '../process/printed-log.js';
import { callResult, listedTool, toolPage, type CallResult, type ListedTool } from './messages.js';
import { StdioTransport } from './stdio-transport.js';

export interface ConnectionOptions {
  readonly program: Program;
  readonly maxOutputBytes: number;
  /** Values that must not be logged. */
  readonly secrets: readonly string[];
  readonly pingTimeoutMs: number;
  readonly guard: ProcessGuard;
  readonly clock: Clock;
  readonly log: Log;
  readonly version: string;
}

export interface Call {
  readonly tool: string;
  readonly arguments: Readonly<Record<string, unknown>>;
  /** Default: what the server's configuration says. */
  readonly timeoutMs?: number | undefined;
  /** Aborts when nobody waits any more. */
  readonly signal: AbortSignal;
}

/** Programs that have to be loaded first take their time. */
const startTimeoutMs = 30_000;
const listTimeoutMs = 10_000;
/** Against a server whose list has no end. */
const maxPages = 100;
const maxDetailChars = 500;
const maxUnreadBytes = 8 * 1_024 * 1_024;
/** The SDK's code for a call that it gave up on. */
const requestTimeout: number = ErrorCode.RequestTimeout;

/** One life of an MCP server, from the start of its program to its end. */
export class Connection {
  /** Resolves with the reason once it takes no more calls. */
  readonly over: Promise<AppError>;
  /** Resolves once nothing of the program is left. */
  readonly gone: Promise<void>;
  private readonly transport: StdioTransport;
  private readonly client: Client;
  private cancelPing: (() => void) | undefined;
  private asking: Promise<void> | undefined;

  constructor(private readonly options: ConnectionOptions) {
    const { program, guard, clock, log, maxOutputBytes, secrets, version } = options;
    const group = new ProcessGroup(program, guard);
    new PrintedLog(log, clock, secrets).follow(group.stderr);
    const strays = new PrintedLog(log, clock, secrets);
    const onStray = (line: string) => strays.read(`${line}\n`);
    this.transport = new StdioTransport(group, { maxBytes: maxOutputBytes, clock, onStray });
    this.client = new Client({ name: 'parley', version }, { capabilities: {} });
    const over = Promise.withResolvers<AppError>();
    this.client.onclose = () => over.resolve(this.fault);
    this.over = over.promise;
    this.gone = this.over.then(() => {
      this.cancelPing?.();
      return group.end();
    });
  }

  /** Who the server says it is; undefined until it has said so. */
  get server(): { readonly name: string; readonly version: string } | undefined {
    return this.client.getServerVersion();
  }

  /** @throws Error when it does not get as far as taking calls; it is over then. */
  async open(onToolsChanged: () => void): Promise<void> {
    this.client.setNotificationHandler(ToolListChangedNotificationSchema, onToolsChanged);
    try {
      await this.client.connect(this.transport, { timeout: startTimeoutMs });
    } catch (error) {
      await this.transport.close();
      throw error;
    }
    this.pingLater();
  }

  /** Its tools; what does not fit the protocol is left out and logged. */
  async tools(): Promise<ListedTool[]> {
    if (!this.client.getServerCapabilities()?.tools) return [];
    const tools: ListedTool[] = [];
    let cursor: string | undefined;
    for (let page = 0; page < maxPages; page += 1) {
      const request = { method: 'tools/list', params: cursor === undefined ? {} : { cursor } } as const;
      const answer = await this.client.request(request, toolPage, { timeout: listTimeoutMs });
      for (const entry of answer.tools) {
        const tool = listedTool.safeParse(entry);
        if (tool.success) tools.push(tool.data);
        else this.options.log.warn({ because: tool.error.issues[0]?.message }, 'a tool does not fit the protocol');
      }
      if (answer.nextCursor === undefined) break;
      cursor = answer.nextCursor;
    }
    return tools;
  }

  /** True while the server leaves too much unread: calls that were given up on lie there too. */
  get overfull(): boolean {
    return this.transport.unreadBytes > maxUnreadBytes;
  }

  /** @throws AppError tool.failed, tool.timeout, tool.output_too_large, or the reason of the signal. */
  async call({
    tool,
    arguments: given,
    timeoutMs,
    signal,
  }: Call & { readonly timeoutMs: number }): Promise<CallResult> {
    try {
      const params = { name: tool, arguments: given };
      return await this.client.request({ method: 'tools/call', params }, callResult, { timeout: timeoutMs, signal });
    } catch (error) {
      throw this.failureOf(error, signal);
    }
  }

  /** Ends the program; calls in flight fail. */
  async end(): Promise<void> {
    await this.transport.close();
    await this.gone;
  }

  private get fault(): AppError {
    return this.transport.fault ?? new AppError('tool.failed', { internal: 'the connection was closed' });
  }

  private failureOf(error: unknown, signal: AbortSignal): AppError {
    if (this.transport.fault) return this.transport.fault;
    if (signal.aborted && isAppError(signal.reason)) return signal.reason;
    if (!(error instanceof McpError))
      return new AppError('tool.failed', { internal: 'the result is none', cause: error });
    // The transport's own; what a server sends is never an Error.
    if (isAppError(error.data)) return error.data;
    if (error.code === requestTimeout) {
      void this.demandSign();
      return new AppError('tool.timeout');
    }
    return new AppError('tool.failed', { detail: error.message.slice(0, maxDetailChars) });
  }

  private pingLater(): void {
    const { clock, pingTimeoutMs } = this.options;
    this.cancelPing = clock.setTimeout(() => {
      if (clock.now() - this.transport.lastHeardAt >= pingTimeoutMs) void this.demandSign();
      this.pingLater();
    }, pingTimeoutMs);
  }

  /** Asks the server whether it lives, once at a time, and ends it when it says nothing at all. */
  private demandSign(): Promise<void> {
    this.asking ??= this.ask().finally(() => (this.asking = undefined));
    return this.asking;
  }

  private async ask(): Promise<void> {
    const { clock, pingTimeoutMs } = this.options;
    const askedAt = clock.now();
    try {
      await this.client.ping({ timeout: pingTimeoutMs });
    } catch {
      if (this.transport.lastHeardAt < askedAt) this.transport.end('tool.failed', 'the server hangs');
    }
  }
}
