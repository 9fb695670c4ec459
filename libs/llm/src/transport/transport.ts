import { Pool } from 'undici';
import { Answer } from './answer.js';
import { transportFailure } from './failures.js';

/** Answers are text; more than this is a fault, not an answer. Streams count too. */
const maxAnswerBytes = 64 * 1024 * 1024;

export interface TransportOptions {
  /** Scheme, host and an optional path before every request’s path. */
  readonly baseUrl: string;
  /** Sent with every request. */
  readonly headers: Readonly<Record<string, string>>;
  /** Most connections, and so most calls at once. */
  readonly connections: number;
  readonly firstByteTimeoutMs: number;
  readonly idleTimeoutMs: number;
}

export interface TransportCall {
  readonly path: string;
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly signal: AbortSignal;
}

/** Kept-alive connections to one provider. undici sets TCP_NODELAY itself. */
export class Transport {
  private readonly pool: Pool;
  private readonly prefix: string;

  constructor(
    readonly provider: string,
    private readonly options: TransportOptions,
  ) {
    const url = new URL(options.baseUrl);
    this.prefix = url.pathname.replace(/\/+$/, '');
    this.pool = new Pool(url.origin, {
      connections: options.connections,
      pipelining: 1,
      headersTimeout: options.firstByteTimeoutMs,
      bodyTimeout: options.idleTimeoutMs,
      connectTimeout: Math.min(options.firstByteTimeoutMs, 10_000),
      maxResponseSize: maxAnswerBytes,
    });
  }

  get firstByteTimeoutMs(): number {
    return this.options.firstByteTimeoutMs;
  }

  /** @throws AppError provider.* when no answer came; the signal’s reason when it was aborted. */
  async send({ path, body, headers, signal }: TransportCall): Promise<Answer> {
    signal.throwIfAborted();
    const answer = new Answer(signal);
    const request = {
      path: this.prefix + path,
      method: body === undefined ? 'GET' : 'POST',
      headers: headers ? { ...this.options.headers, ...headers } : this.options.headers,
      body: body ?? null,
    };
    try {
      this.pool.dispatch(request, answer);
      return await answer.started;
    } catch (error) {
      throw signal.aborted ? signal.reason : transportFailure(error, this.provider, false);
    }
  }

  /** The whole body; a connection that breaks off half way is an error and never a shorter answer. */
  async text(answer: Answer, signal: AbortSignal): Promise<string> {
    try {
      return await answer.text();
    } catch (error) {
      throw this.failure(error, signal);
    }
  }

  /** What to throw when reading an answer failed. */
  failure(error: unknown, signal: AbortSignal): unknown {
    return signal.aborted ? signal.reason : transportFailure(error, this.provider, true);
  }

  /** Ends idle connections at once and the others when their answers are done. */
  close(): Promise<void> {
    return this.pool.close();
  }
}
