import type { AppError, StreamBatch } from '@parley/contracts';

/** Writes one streamed answer as server-sent events, as text that the caller sends on. */
export interface StreamEncoder {
  /** The text of a batch; empty where it has nothing to say yet. Never holds the end of the answer. */
  encode(batch: StreamBatch): string;
  /** The end of a whole answer, to be sent once its usage is on record. */
  end(): string;
  /** Instead of `end`, for an answer that broke off. */
  error(error: AppError, requestId: string): string;
}
