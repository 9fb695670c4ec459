import { z } from 'zod';

/** How a stream says that it lives, and when its reader counts as gone. */
export const streamConfig = {
  /** A stream that has had nothing to say for so long says that it lives; 100 ms to an hour. */
  STREAM_HEARTBEAT_MS: z.coerce.number().int().min(100).max(3_600_000).default(15_000),
  /** A reader that takes nothing of what waits for it for so long is cut off; 100 ms to an hour. */
  STREAM_READER_TIMEOUT_MS: z.coerce.number().int().min(100).max(3_600_000).default(60_000),
};

/** See `streamConfig`. */
export class StreamBounds {
  constructor(
    readonly heartbeatMs: number,
    readonly readerTimeoutMs: number,
  ) {}
}
