import { AppError, type ErrorCode } from '@parley/contracts';
import type { Clock } from '@parley/service-kit';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import type { JSONRPCMessage } from '@modelcontextprotocol/sdk/types.js';
import type { ProcessGroup } from '../process/process-group.js';
import { Lines, LineTooLong } from './lines.js';

export interface StdioTransportOptions {
  /** Of one line, and of what it may print in a second without having been asked. */
  readonly maxBytes: number;
  readonly clock: Clock;
}

/**
 * MCP's stdio transport (modelcontextprotocol.io, Basic / Transports): a JSON-RPC message a line. What breaks its rules
 * ends it, with a reason for the calls in flight: behind a broken line nobody knows what is an answer to what.
 */
export class StdioTransport implements Transport {
  onmessage?: Transport['onmessage'];
  onclose?: Transport['onclose'];
  onerror?: Transport['onerror'];
  /** Why it is over. */
  fault: AppError | undefined;
  /** When the server last said anything. */
  lastHeardAt: number;
  private readonly lines: Lines;
  private corked = false;
  private second = 0;
  private unasked = 0;

  constructor(
    private readonly group: ProcessGroup,
    private readonly options: StdioTransportOptions,
  ) {
    this.lines = new Lines(options.maxBytes);
    this.lastHeardAt = options.clock.now();
  }

  async start(): Promise<void> {
    this.group.stdout.on('data', (chunk: Buffer) => this.read(chunk));
    void this.group.ended.then((how) => this.end('tool.failed', `the server has ended: ${how}`));
  }

  /** Messages of the same turn of the event loop leave together. */
  async send(message: JSONRPCMessage): Promise<void> {
    const { stdin } = this.group;
    if (!this.corked) {
      this.corked = true;
      stdin.cork();
      process.nextTick(() => {
        this.corked = false;
        stdin.uncork();
      });
    }
    stdin.write(`${JSON.stringify(message)}\n`);
  }

  async close(): Promise<void> {
    this.end('tool.failed', 'the hub has ended the server');
  }

  /** Fails the calls in flight; the first reason counts. */
  end(code: ErrorCode, internal: string): void {
    if (this.fault) return;
    this.fault = new AppError(code, { internal });
    // Unread, so that a flood stops at the pipe.
    this.group.stdout.removeAllListeners('data').pause();
    this.onclose?.();
  }

  private read(chunk: Buffer): void {
    this.lastHeardAt = this.options.clock.now();
    try {
      for (const line of this.lines.read(chunk)) {
        if (this.fault) return;
        this.receive(line);
      }
    } catch (error) {
      if (!(error instanceof LineTooLong)) throw error;
      this.end('tool.output_too_large', error.message);
    }
  }

  private receive(line: string): void {
    const message = line.trim() === '' ? {} : parse(line);
    if (message === undefined) this.end('tool.failed', 'the server printed a line that is no JSON-RPC message');
    else if (!('id' in message && !('method' in message)) && this.tooMuchUnasked(line.length + 1))
      this.end('tool.output_too_large', 'the server floods its output');
    else if ('jsonrpc' in message) this.onmessage?.(message as JSONRPCMessage);
  }

  private tooMuchUnasked(bytes: number): boolean {
    const second = Math.floor(this.lastHeardAt / 1_000);
    this.unasked = second === this.second ? this.unasked + bytes : bytes;
    this.second = second;
    return this.unasked > this.options.maxBytes;
  }
}

/** The SDK looks at the parts of a message itself; here it is enough that it is one. */
function parse(line: string): object | undefined {
  try {
    const value = JSON.parse(line) as unknown;
    return typeof value === 'object' && value !== null && 'jsonrpc' in value ? value : undefined;
  } catch {
    return undefined;
  }
}
