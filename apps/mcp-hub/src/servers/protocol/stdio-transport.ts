import { AppError, type ErrorCode } from '@parley/contracts';
import type { Clock } from '@parley/service-kit';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import { ErrorCode as RpcError, type JSONRPCMessage } from '@modelcontextprotocol/sdk/types.js';
import type { ProcessGroup } from '../process/process-group.js';
import { answerTo, isOwnMessage } from './answer-to.js';
import { Lines, type Overlong } from './lines.js';
import { UnaskedOutput } from './unasked-output.js';

export interface StdioTransportOptions {
  /** Of one line that is read; a longer one is skipped. */
  readonly maxBytes: number;
  readonly clock: Clock;
  /** Is told each line that is no message. */
  readonly onStray: (line: string) => void;
}

/** A line that is still going on behind this is taken to have no end. */
const maxOpenBytes = 256 * 1_024 * 1_024;
/** What a line that is no message counts for at the least: short ones are work too. */
const minStrayBytes = 1_024;

/**
 * MCP's stdio transport (modelcontextprotocol.io, Basic / Transports): a JSON-RPC message a line. What breaks its rules
 * costs the call that it answers, if any; the server is ended only for a flood, as the calls of others are lost with it.
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
  private readonly unasked: UnaskedOutput;
  /** Ids of requests that have no answer yet and are not called off. */
  private readonly awaited = new Set<number>();
  private corked = false;

  constructor(
    private readonly group: ProcessGroup,
    private readonly options: StdioTransportOptions,
  ) {
    this.lines = new Lines(options.maxBytes);
    this.unasked = new UnaskedOutput(options.clock);
    this.lastHeardAt = options.clock.now();
  }

  /** What was sent and not taken by the server yet. */
  get unreadBytes(): number {
    return this.group.stdin.writableLength;
  }

  async start(): Promise<void> {
    this.group.stdout.on('data', (chunk: Buffer) => this.read(chunk));
    void this.group.ended.then((how) => this.end('tool.failed', `the server has ended: ${how}`));
  }

  /** Messages of the same turn of the event loop leave together. */
  async send(message: JSONRPCMessage): Promise<void> {
    const { stdin } = this.group;
    this.follow(message);
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

  private follow(message: JSONRPCMessage): void {
    if (!('method' in message)) return;
    if ('id' in message) this.awaited.add(Number(message.id));
    else if (message.method === 'notifications/cancelled') this.awaited.delete(Number(message.params?.['requestId']));
  }

  private read(chunk: Buffer): void {
    this.lastHeardAt = this.options.clock.now();
    for (const line of this.lines.read(chunk)) {
      if (this.fault) return;
      if (typeof line === 'string') this.receive(line);
      else this.skip(line);
    }
    if (this.lines.openBytes > maxOpenBytes)
      this.end('tool.output_too_large', 'the server prints a line without an end');
  }

  private receive(line: string): void {
    const message = parse(line);
    if (!message) {
      this.stray(line);
      return;
    }
    if ('method' in message) this.count(line.length);
    else if ('id' in message) this.awaited.delete(Number(message.id));
    this.onmessage?.(message);
  }

  /** An answer too large counts for nothing, as its caller asked for it. */
  private skip({ head, tail, bytes }: Overlong): void {
    const error = new AppError('tool.output_too_large', {
      internal: `a line of ${bytes} bytes, of at most ${this.options.maxBytes}`,
    });
    const id = answerTo(head, tail);
    if (id !== undefined) {
      this.fail(id, error);
      return;
    }
    const [only, ...others] = this.awaited;
    if (only !== undefined && others.length === 0 && !isOwnMessage(head)) this.fail(only, error);
    this.count(bytes);
  }

  private stray(line: string): void {
    this.options.onStray(line);
    const id = answerTo(line, '');
    if (id !== undefined) this.fail(id, new AppError('tool.failed', { internal: 'the answer is not valid JSON' }));
    this.count(Math.max(line.length, minStrayBytes));
  }

  private count(bytes: number): void {
    if (this.unasked.add(bytes)) this.end('tool.output_too_large', 'the server floods its output');
  }

  /** Answers one request in the server's place. */
  private fail(id: number, error: AppError): void {
    if (!this.awaited.delete(id)) return;
    const { message } = error;
    this.onmessage?.({ jsonrpc: '2.0', id, error: { code: RpcError.InternalError, message, data: error } });
  }
}

/** The SDK looks at the parts of a message itself; here it is enough that it is one. */
function parse(line: string): JSONRPCMessage | undefined {
  try {
    const value = JSON.parse(line) as unknown;
    return typeof value === 'object' && value !== null && 'jsonrpc' in value ? (value as JSONRPCMessage) : undefined;
  } catch {
    return undefined;
  }
}
