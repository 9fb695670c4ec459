import type { LiveFormat } from '@parley/contracts';
import { ChatStreamEncoder, MessageStreamEncoder, type StreamEncoder } from '@parley/dialects';
import { FrameEncoder, type LiveEncoder } from './frame-encoder.js';

interface Format {
  encoder(sessionId: string): LiveEncoder;
  /** Whether a stream goes on with the turns that follow; a vendor's clients know of one answer. */
  readonly goesOn: boolean;
}

const ofVendor = (encoder: StreamEncoder): LiveEncoder => ({
  turn: () => '',
  encode: (batch) => encoder.encode(batch),
  end: () => encoder.end(),
  error: (error, requestId) => encoder.error(error, requestId),
});

/** Vendors' formats are written by the encoders that the gateway answers with. */
export const formats: Readonly<Record<LiveFormat, Format>> = {
  parley: { encoder: (sessionId) => new FrameEncoder(sessionId), goesOn: true },
  openai: { encoder: () => ofVendor(new ChatStreamEncoder(true)), goesOn: false },
  anthropic: { encoder: () => ofVendor(new MessageStreamEncoder()), goesOn: false },
};
