import {
  noTokens,
  type AppError,
  errorCodes,
  type Block,
  type LiveFrame,
  type Stop,
  type StreamBatch,
  type StreamDelta,
  type StreamEvent,
  type TokenCounts,
} from '@parley/contracts';
import type { StreamEncoder } from '@parley/dialects';
import type { LiveTurn } from './answer-view.js';

/** Writes answers in one of the formats that a reader can ask for. */
export interface LiveEncoder extends StreamEncoder {
  /** That a turn begins; empty in a format that knows of answers alone. */
  turn(turn: LiveTurn): string;
}

const written = (frame: LiveFrame): string => `data: ${JSON.stringify(frame)}\n\n`;

/** Parley's own format: see `liveFrame`. */
export class FrameEncoder implements LiveEncoder {
  private stop: Stop = { reason: 'end' };
  private tokens: TokenCounts = noTokens;

  constructor(private readonly sessionId: string) {}

  turn({ id, model, openedAt, sessionId }: LiveTurn): string {
    const created_at = openedAt.toISOString();
    return written({ type: 'turn', turn_id: id, session_id: sessionId, model, created_at });
  }

  encode(batch: StreamBatch): string {
    return batch
      .flatMap((event) => this.frameOf(event) ?? [])
      .map(written)
      .join('');
  }

  end(): string {
    return written({ type: 'done', usage: this.tokens, finish_reason: this.stop.reason });
  }

  error({ code, text }: AppError): string {
    return written({ type: 'error', code, message: text.detail ?? errorCodes[code].title });
  }

  private frameOf(event: StreamEvent): LiveFrame | undefined {
    switch (event.type) {
      case 'block_start':
        return opening(event.block, event.index);
      case 'delta':
        return this.more(event.delta, event.index);
      case 'stop':
        this.stop = event.stop;
        return undefined;
      case 'end':
        this.tokens = event.tokens ?? noTokens;
        return undefined;
      default:
        return undefined;
    }
  }

  private more(delta: StreamDelta, index: number): LiveFrame | undefined {
    switch (delta.type) {
      case 'text':
        return { type: 'message', content: delta.text, session_id: this.sessionId, index };
      case 'reasoning':
      case 'refusal':
        return { type: delta.type, content: delta.text, index };
      case 'arguments':
        return { type: 'tool_arguments', content: delta.text, index };
      case 'vendor': {
        const { citation, annotations } = delta.value;
        return {
          type: 'sources',
          sources: Array.isArray(annotations) ? (annotations as unknown[]) : [citation],
          index,
        };
      }
      case 'signature':
        return undefined;
    }
  }
}

/** What grows begins with its first words, but for a call, which has a name. */
function opening(block: Block, index: number): LiveFrame | undefined {
  switch (block.type) {
    case 'tool_call':
      return { type: 'tool_call', id: block.id, name: block.name, index };
    case 'text':
    case 'reasoning':
    case 'refusal':
      return undefined;
    default:
      return { type: 'block', block, index };
  }
}
