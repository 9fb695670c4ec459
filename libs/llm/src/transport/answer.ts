import type { IncomingHttpHeaders } from 'node:http';
import type { Dispatcher } from 'undici';

type Controller = Dispatcher.DispatchController;

/**
 * One call on its way: undici's `request` without the stream that it puts around every body. What has arrived by the
 * time that the reader asks is handed over in one piece, so that a burst of small chunks costs no more than a large one.
 */
export class Answer implements Dispatcher.DispatchHandler, AsyncIterable<Buffer> {
  statusCode = 0;
  headers: IncomingHttpHeaders = {};
  private readonly begun = Promise.withResolvers<this>();
  private controller: Controller | undefined;
  private chunks: Buffer[] = [];
  private waitingBytes = 0;
  /** That may wait for their reader; over it the provider is made to wait. */
  private mayWaitBytes = 64 * 1024;
  private over = false;
  private failure: Error | undefined;
  private wake: (() => void) | undefined;

  constructor(private readonly signal: AbortSignal) {
    signal.addEventListener('abort', this.abort);
  }

  /** Resolves when the head is there, rejects when none came. */
  get started(): Promise<this> {
    return this.begun.promise;
  }

  /** True once the whole body is here. */
  get complete(): boolean {
    return this.over && this.failure === undefined;
  }

  /** The whole body. @throws what broke it off */
  async text(): Promise<string> {
    this.mayWaitBytes = Infinity;
    if (this.controller?.paused) this.controller.resume();
    while (!this.over) await this.more();
    if (this.failure !== undefined) throw this.failure;
    return joined(this.chunks).toString();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Buffer, void, void> {
    for (;;) {
      const { chunks } = this;
      if (chunks.length > 0) {
        this.chunks = [];
        this.waitingBytes = 0;
        if (this.controller?.paused) this.controller.resume();
        yield joined(chunks);
      } else if (this.over) {
        if (this.failure !== undefined) throw this.failure;
        return;
      } else await this.more();
    }
  }

  /** Gives the connection up, unless the body is complete. */
  destroy(reason: Error = new Error('the rest of the answer is not wanted')): void {
    if (!this.over) this.controller?.abort(reason);
  }

  onRequestStart(controller: Controller): void {
    this.controller = controller;
    if (this.signal.aborted) this.abort();
  }

  onResponseStart(_controller: Controller, statusCode: number, headers: IncomingHttpHeaders): void {
    // Informational answers come before the one that counts.
    if (statusCode < 200) return;
    this.statusCode = statusCode;
    this.headers = headers;
    this.begun.resolve(this);
  }

  onResponseData(controller: Controller, chunk: Buffer): void {
    this.chunks.push(chunk);
    this.waitingBytes += chunk.length;
    if (this.waitingBytes > this.mayWaitBytes) controller.pause();
    this.wake?.();
  }

  onResponseEnd(): void {
    this.end();
  }

  onResponseError(_controller: Controller | null, error: Error): void {
    this.failure = error;
    this.begun.reject(error);
    this.end();
  }

  private more(): Promise<void> {
    return new Promise((resolve) => {
      this.wake = resolve;
    });
  }

  private end(): void {
    this.over = true;
    this.signal.removeEventListener('abort', this.abort);
    this.wake?.();
  }

  private readonly abort = (): void => {
    const { reason } = this.signal as { reason: unknown };
    const error = reason instanceof Error ? reason : new Error('aborted', { cause: reason });
    this.begun.reject(error);
    this.destroy(error);
  };
}

const joined = (chunks: Buffer[]): Buffer => (chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks));
