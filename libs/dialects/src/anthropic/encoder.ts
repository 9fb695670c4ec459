import {
  noTokens,
  type AppError,
  type Block,
  type StreamBatch,
  type StreamEvent,
  type Stop,
  type TokenCounts,
} from '@parley/contracts';
import type { StreamEncoder } from '../stream-encoder.js';
import { toCitations, toContentBlock, toMessageId, toMessageUsage, toStopFields } from './answer.js';
import { anthropicErrorBody } from './errors.js';

type EventOf<Type extends StreamEvent['type']> = Extract<StreamEvent, { type: Type }>;

/** The name of an event as Anthropic spells it, from its own text: `{"type":"ping"}` is a ping. */
const nativeName = /"type"\s*:\s*"(\w+)"/;

const names: Readonly<Partial<Record<StreamEvent['type'], string>>> = {
  start: 'message_start',
  block_start: 'content_block_start',
  delta: 'content_block_delta',
  block_end: 'content_block_stop',
  stop: 'message_delta',
  end: 'message_stop',
};

const written = (event: string, data: string): string => `event: ${event}\ndata: ${data}\n\n`;

/** Nothing where the provider’s text of the next event tells both. */
const pass = ({ type }: StreamEvent, text: string): string =>
  text === '' ? '' : written(names[type] ?? nativeName.exec(text)?.[1] ?? 'message', text);

/** What opens a block: its text and arguments follow as deltas. */
function opening(block: Block): object | undefined {
  if (block.type === 'tool_call') return toContentBlock({ ...block, arguments: '' });
  return toContentBlock(block);
}

/**
 * Events of a streamed message in the order that Anthropic documents; what came from Anthropic is passed on as it came.
 */
export class MessageStreamEncoder implements StreamEncoder {
  private tokens: TokenCounts = noTokens;
  private stop: Stop = { reason: 'end' };
  private refused = false;
  /** The provider’s own last events, kept back for the end. */
  private tail = '';
  /** Our index of an open block; blocks without a counterpart are left out, and the others close up. */
  private readonly indexes = new Map<number, number>();

  encode(batch: StreamBatch): string {
    let text = '';
    for (const event of batch) {
      const last = event.type === 'stop' || event.type === 'end';
      const chunk = event.native?.vendor === 'anthropic' ? pass(event, event.native.text) : this.translate(event);
      if (last) this.tail += chunk;
      else text += chunk;
    }
    return text;
  }

  end(): string {
    if (this.tail !== '') return this.tail;
    const delta = { ...toStopFields(this.stop, this.refused), container: null };
    const usage = toMessageUsage(this.tokens);
    return (
      written('message_delta', JSON.stringify({ type: 'message_delta', delta, usage })) +
      written('message_stop', '{"type":"message_stop"}')
    );
  }

  error(error: AppError, requestId: string): string {
    return written('error', JSON.stringify(anthropicErrorBody(error, requestId)));
  }

  private translate(event: StreamEvent): string {
    switch (event.type) {
      case 'start':
        return this.start(event);
      case 'block_start':
        return this.blockStart(event);
      case 'delta':
        return this.delta(event);
      case 'block_end':
        return this.blockEnd(event);
      case 'stop':
        this.stop = event.stop;
        return '';
      case 'end':
        this.tokens = event.tokens ?? this.tokens;
        return '';
      case 'vendor':
        return '';
    }
  }

  private start({ id, model, tokens = noTokens }: EventOf<'start'>): string {
    this.tokens = tokens;
    const message = {
      id: toMessageId(id),
      type: 'message',
      role: 'assistant',
      model,
      content: [],
      stop_reason: null,
      stop_sequence: null,
      stop_details: null,
      usage: toMessageUsage(tokens),
      container: null,
      diagnostics: null,
    };
    return written('message_start', JSON.stringify({ type: 'message_start', message }));
  }

  private blockStart({ index, block }: EventOf<'block_start'>): string {
    if (block.type === 'refusal') this.refused = true;
    const content_block = opening(block);
    if (!content_block) return '';
    const ours = this.indexes.size;
    this.indexes.set(index, ours);
    return written('content_block_start', JSON.stringify({ type: 'content_block_start', index: ours, content_block }));
  }

  private delta({ index, delta }: EventOf<'delta'>): string {
    const ours = this.indexes.get(index);
    if (ours === undefined) return '';
    if (delta.type === 'vendor') return this.cited(ours, delta.value);
    const head = `event: content_block_delta\ndata: {"type":"content_block_delta","index":${ours},"delta":`;
    const text = JSON.stringify(delta.text);
    switch (delta.type) {
      case 'text':
      case 'refusal':
        return `${head}{"type":"text_delta","text":${text}}}\n\n`;
      case 'arguments':
        return `${head}{"type":"input_json_delta","partial_json":${text}}}\n\n`;
      case 'reasoning':
        return `${head}{"type":"thinking_delta","thinking":${text}}}\n\n`;
      case 'signature':
        return `${head}{"type":"signature_delta","signature":${text}}}\n\n`;
    }
  }

  private cited(index: number, { citation, annotations }: Record<string, unknown>): string {
    const citations = citation === undefined ? toCitations(annotations) : [citation];
    const deltas = citations.map((cited) => ({ type: 'citations_delta', citation: cited }));
    const events = deltas.map((delta) => JSON.stringify({ type: 'content_block_delta', index, delta }));
    return events.map((event) => written('content_block_delta', event)).join('');
  }

  private blockEnd({ index }: EventOf<'block_end'>): string {
    const ours = this.indexes.get(index);
    if (ours === undefined) return '';
    return written('content_block_stop', `{"type":"content_block_stop","index":${ours}}`);
  }
}
