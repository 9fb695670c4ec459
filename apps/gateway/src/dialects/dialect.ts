import type { AppError, Completion, CompletionRequest, StreamBatch } from '@parley/contracts';
import type { LimitHeaders } from '@parley/limits';
import type { IncomingHttpHeaders } from 'node:http';

/** Writes one streamed answer as server-sent events, as text that the caller sends on. */
export interface StreamEncoder {
  /** The text of a batch; empty where it has nothing to say yet. Never holds the end of the answer. */
  encode(batch: StreamBatch): string;
  /** The end of a whole answer, to be sent once its usage is on record. */
  end(): string;
  /** Instead of `end`, for an answer that broke off. */
  error(error: AppError, requestId: string): string;
}

/** One vendor’s way to ask a model and to be answered, as its SDKs speak it. */
export interface Dialect {
  readonly name: 'openai' | 'anthropic';
  /** @throws AppError request.invalid, naming each field that does not fit or is not known. */
  read(body: unknown, headers: IncomingHttpHeaders): CompletionRequest;
  /** The JSON text of a whole answer. */
  answer(completion: Completion, request: CompletionRequest): string;
  encoder(request: CompletionRequest): StreamEncoder;
  /** Sent while a stream has nothing to say; default a comment. */
  readonly heartbeat?: string;
  /** How the vendor tells of its limits. */
  readonly limitHeaders: LimitHeaders;
}
