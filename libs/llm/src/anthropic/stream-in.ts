import type { ContentBlock } from '@anthropic-ai/sdk/resources/messages';
import {
  noTokens,
  type Block,
  type Native,
  type StreamDelta,
  type StreamEvent,
  type TokenCounts,
} from '@parley/contracts';
import type { EventSourceMessage } from 'eventsource-parser';
import { badResponse } from '../transport/failures.js';
import { fromAnthropicStop } from './answer-in.js';
import { fromAnthropicBlock } from './blocks-in.js';
import { errorEvent } from './errors.js';
import { anthropicTier, cacheWrite1h, fromAnthropicUsage, type AnthropicUsage } from './usage.js';

interface WireEvent {
  readonly type: string;
  readonly index: number;
  readonly message: { readonly id: string; readonly model: string; readonly usage: AnthropicUsage };
  readonly content_block: ContentBlock;
  readonly delta: Readonly<Record<string, string>>;
  readonly usage?: AnthropicUsage;
}

/** What each kind of delta is to us, and the field that has its text. */
const deltas = {
  text_delta: ['text', 'text'],
  thinking_delta: ['reasoning', 'thinking'],
  signature_delta: ['signature', 'signature'],
  input_json_delta: ['arguments', 'partial_json'],
} as const;

function toDelta(wire: WireEvent['delta']): StreamDelta {
  const known = deltas[wire['type'] as keyof typeof deltas] as (typeof deltas)[keyof typeof deltas] | undefined;
  if (!known) return { type: 'vendor', vendor: 'anthropic', value: wire };
  const text = wire[known[1]];
  if (typeof text !== 'string') throw new TypeError(`a delta without ${known[1]}`);
  return { type: known[0], text };
}

/** A tool call opens with an empty input and a thought with an empty signature: both follow as deltas. */
function opening(block: Block): Block {
  if (block.type === 'tool_call') return { ...block, arguments: '' };
  if (block.type === 'reasoning' && block.signature === '') return { type: 'reasoning', text: block.text };
  return block;
}

/** Of two events that one of the provider’s makes, the second has its text. */
const toldLater: Native = { vendor: 'anthropic', text: '' };

/** Reads the events of one streamed message in order (platform.claude.com/docs, streaming messages). */
export class AnthropicStreamReader {
  private tokens: TokenCounts = noTokens;
  private written: ReturnType<typeof cacheWrite1h> = {};
  private tier: ReturnType<typeof anthropicTier> = {};
  private finished = false;
  /** A call whose arguments have not begun, and what they are when none come. */
  private silent: { readonly index: number; readonly input: string } | undefined;

  constructor(
    private readonly provider: string,
    private readonly dropped: string[],
  ) {}

  /** True once the provider has said that the message is whole. */
  get done(): boolean {
    return this.finished;
  }

  /** @throws AppError for the provider’s own error event, and for one that is no event. */
  read(event: EventSourceMessage): StreamEvent[] {
    if (event.event === 'error') throw errorEvent(this.provider, event.data);
    let wire: WireEvent;
    try {
      wire = JSON.parse(event.data) as WireEvent;
      return this.translate(wire, { vendor: 'anthropic', text: event.data });
    } catch (cause) {
      throw badResponse(this.provider, `unreadable event of ${event.data.length} characters`, cause);
    }
  }

  private translate(wire: WireEvent, native: Native): StreamEvent[] {
    switch (wire.type) {
      case 'content_block_delta':
        return [this.delta(wire, native)];
      case 'content_block_start':
        return [this.blockStart(wire, native)];
      case 'content_block_stop':
        return this.blockEnd(wire, native);
      case 'message_start':
        return [this.start(wire, native)];
      case 'message_delta':
        if (wire.usage) this.use(wire.usage);
        return [{ type: 'stop', stop: fromAnthropicStop(wire.delta), native }];
      case 'message_stop':
        this.finished = true;
        return [{ type: 'end', tokens: this.tokens, ...this.written, ...this.tier, native }];
      case 'ping':
        return [];
      default:
        return [{ type: 'vendor', native }];
    }
  }

  private blockStart({ index, content_block }: WireEvent, native: Native): StreamEvent {
    const block = fromAnthropicBlock(content_block);
    this.silent = block.type === 'tool_call' ? { index, input: block.arguments } : undefined;
    return { type: 'block_start', index, block: opening(block), native };
  }

  private delta({ index, delta: wire }: WireEvent, native: Native): StreamEvent {
    const delta = toDelta(wire);
    if (delta.type === 'arguments' && delta.text !== '') this.silent = undefined;
    return { type: 'delta', index, delta, native };
  }

  /** A call without arguments has none in its deltas: its text would be no JSON. */
  private blockEnd({ index }: WireEvent, native: Native): StreamEvent[] {
    const end: StreamEvent = { type: 'block_end', index, native };
    if (this.silent?.index !== index) return [end];
    const delta = { type: 'arguments' as const, text: this.silent.input };
    return [{ type: 'delta', index, delta, native: toldLater }, end];
  }

  private start({ message }: WireEvent, native: Native): StreamEvent {
    this.use(message.usage);
    return {
      type: 'start',
      id: message.id,
      model: message.model,
      created: Math.floor(Date.now() / 1000),
      dropped: this.dropped,
      tokens: this.tokens,
      ...this.written,
      ...this.tier,
      native,
    };
  }

  private use(usage: AnthropicUsage): void {
    this.tokens = fromAnthropicUsage(usage, this.tokens);
    this.written = cacheWrite1h(usage, this.written.cache_write_1h);
    this.tier = { ...this.tier, ...anthropicTier(usage) };
  }
}
