import { AppError, type McpServer as Description } from '@parley/contracts';
import { Bulkhead } from '@parley/resilience';
import type { Clock, Log } from '@parley/service-kit';
import { Connection, type Call, type ConnectionOptions } from './protocol/connection.js';
import type { CallResult } from './protocol/messages.js';
import { RestartDelay } from './restart-delay.js';
import { Catalogue } from './tools/catalogue.js';
import type { Tool } from './tools/tool.js';

export interface McpServerOptions extends ConnectionOptions {
  readonly id: string;
  /** How long one call may take. */
  readonly timeoutMs: number;
  /** By name; undefined for all. */
  readonly allowedTools: readonly string[] | undefined;
}

type State =
  | { readonly kind: 'starting' }
  | { readonly kind: 'running'; readonly connection: Connection }
  | { readonly kind: 'stopped'; readonly startsAt: number };

/** Calls that a server has at a time, and those that may wait for a place, and for how long. */
const maxConcurrent = 64;
const maxQueued = 256;
const queueTimeoutMs = 10_000;

/** How long a caller is told to wait for a server that is about to be there. */
const startingMs = 1_000;

/** A server of the file, kept running: when its program ends, it is started anew. */
export class McpServer {
  readonly id: string;
  private readonly clock: Clock;
  private readonly log: Log;
  private readonly places: Bulkhead;
  private readonly delay = new RestartDelay();
  private readonly catalogue: Catalogue;
  private state: State = { kind: 'starting' };
  private starts = 0;
  private current: Connection | undefined;
  private life: Promise<void> | undefined;
  private readonly stopping = Promise.withResolvers<undefined>();
  private stopped = false;

  constructor(private readonly options: McpServerOptions) {
    const { id, clock, log } = options;
    this.id = id;
    this.clock = clock;
    this.log = log.child({ mcp_server: id });
    this.places = new Bulkhead({ name: `mcp:${id}`, maxConcurrent, maxQueued, queueTimeoutMs, clock });
    this.catalogue = new Catalogue(id, options.allowedTools);
  }

  start(): void {
    this.life ??= this.live();
  }

  /** Ends the program; calls in flight fail. */
  async stop(): Promise<void> {
    this.stopped = true;
    this.stopping.resolve(undefined);
    void this.current?.end();
    await this.life;
  }

  describe(): Description {
    const identity = this.current?.server;
    return {
      id: this.id,
      status: this.state.kind,
      name: identity?.name ?? null,
      version: identity?.version ?? null,
      tools: this.catalogue.tools?.size ?? null,
      restarts: Math.max(0, this.starts - 1),
    };
  }

  /** @throws AppError mcp_server.unavailable while nobody knows yet what it has. */
  get tools(): ReadonlyMap<string, Tool> {
    if (!this.catalogue.tools) throw this.unavailable();
    return this.catalogue.tools;
  }

  /** @throws AppError mcp_server.unavailable */
  demandRunning(): Connection {
    if (this.state.kind !== 'running') throw this.unavailable();
    return this.state.connection;
  }

  /**
   * Runs `fn`, which may make one call, once there is a place; what it throws passes through.
   * @throws AppError mcp_server.unavailable; RejectedError when too many wait.
   */
  async use<T>(fn: (call: (call: Call) => Promise<CallResult>) => Promise<T>, signal: AbortSignal): Promise<T> {
    this.demandRunning();
    return this.places.execute(() => {
      const connection = this.demandRunning();
      if (connection.overfull) throw this.unavailable();
      return fn((call) =>
        connection.call({ ...call, timeoutMs: Math.min(call.timeoutMs ?? Infinity, this.options.timeoutMs) }),
      );
    }, signal);
  }

  private unavailable(): AppError {
    const { state } = this;
    const waitMs = state.kind === 'stopped' ? state.startsAt - this.clock.now() : 0;
    return new AppError('mcp_server.unavailable', { retryAfterMs: Math.max(0, waitMs) + startingMs });
  }

  private async live(): Promise<void> {
    while (!this.stopped) {
      const startedAt = this.clock.now();
      this.state = { kind: 'starting' };
      this.starts += 1;
      const because = await this.liveOnce();
      await this.rest(because, this.clock.now() - startedAt);
    }
  }

  /** Until the next start is due and nothing is left of the last one. */
  private async rest(because: string, ranMs: number): Promise<void> {
    const delayMs = this.delay.next(ranMs, this.state.kind === 'running');
    this.state = { kind: 'stopped', startsAt: this.clock.now() + delayMs };
    if (!this.stopped) this.log.warn({ because, restart_in_ms: delayMs }, 'an MCP server has ended');
    await Promise.all([this.current?.gone, this.pause(delayMs)]);
  }

  /** From a start to the moment when no more calls can be made, and why. */
  private async liveOnce(): Promise<string> {
    await Promise.race([this.options.guard.ready, this.stopping.promise]);
    if (this.stopped) return 'the hub ends';
    try {
      const connection = new Connection({ ...this.options, log: this.log });
      this.current = connection;
      await connection.open(() => void this.toolsChanged(connection));
      await this.catalogue.refresh(() => connection.tools());
      this.state = { kind: 'running', connection };
      this.log.info({ tools: this.tools.size }, 'an MCP server runs');
      return (await connection.over).message;
    } catch (error) {
      void this.current?.end();
      return String(error);
    }
  }

  private async toolsChanged(connection: Connection): Promise<void> {
    try {
      await this.catalogue.refresh(() => connection.tools());
    } catch (err) {
      this.log.warn({ err }, 'an MCP server says that its tools have changed, and does not list them');
    }
  }

  private async pause(ms: number): Promise<void> {
    const over = Promise.withResolvers<undefined>();
    const cancel = this.clock.setTimeout(() => over.resolve(undefined), ms);
    await Promise.race([over.promise, this.stopping.promise]);
    cancel();
  }
}
