import type { ReasoningBlock, RefusalBlock, StreamDelta, TextBlock, ToolCallBlock } from '@parley/contracts';
import type { ResponseOutputItem, ResponseStreamEvent } from 'openai/resources/responses/responses';
import { callItem, reasoningItem, type ItemStatus } from './items.js';
import type { Logprob } from './logprobs.js';
import { MessagePart } from './message-part.js';

type WithoutNumber<Event> = Event extends ResponseStreamEvent ? Omit<Event, 'sequence_number'> : never;

/** An event of a stream that has no number yet. */
export type Unnumbered = WithoutNumber<ResponseStreamEvent>;

/** Where an item stands in the output. */
export interface ItemPosition {
  readonly item_id: string;
  readonly output_index: number;
}

/** An item of the output while it grows. */
export interface OpenItem {
  /** More of its block. A delta of another kind than its block says nothing. */
  delta(delta: StreamDelta, logprobs: readonly Logprob[]): Unnumbered[];
  /** Its block has ended. */
  end(): Unnumbered[];
  item(status: ItemStatus): ResponseOutputItem;
}

/** Texts and refusals that follow each other are the parts of one message. */
export class OpenMessage implements OpenItem {
  private readonly parts: MessagePart[] = [];

  constructor(private readonly place: ItemPosition) {}

  start(block: TextBlock | RefusalBlock): Unnumbered[] {
    const part = new MessagePart({ ...this.place, content_index: this.parts.length }, block);
    this.parts.push(part);
    return [part.start()];
  }

  delta(delta: StreamDelta, logprobs: readonly Logprob[]): Unnumbered[] {
    return this.parts.at(-1)?.delta(delta, logprobs) ?? [];
  }

  end(): Unnumbered[] {
    return this.parts.at(-1)?.end() ?? [];
  }

  item(status: ItemStatus): ResponseOutputItem {
    const content = this.parts.map((part) => part.whole());
    return { id: this.place.item_id, type: 'message', status, role: 'assistant', content };
  }
}

/** A thought: its text as the one part of a summary, where there is any. */
export class OpenThought implements OpenItem {
  constructor(
    private readonly place: ItemPosition,
    private readonly block: ReasoningBlock,
  ) {}

  delta(delta: StreamDelta): Unnumbered[] {
    const { block } = this;
    if (delta.type === 'signature') block.signature = (block.signature ?? '') + delta.text;
    if (delta.type !== 'reasoning') return [];
    const first = block.text === '';
    block.text += delta.text;
    const more: Unnumbered = { type: 'response.reasoning_summary_text.delta', ...this.part, delta: delta.text };
    return first ? [{ type: 'response.reasoning_summary_part.added', ...this.part, part: summary('') }, more] : [more];
  }

  end(): Unnumbered[] {
    const { text } = this.block;
    if (text === '') return [];
    return [
      { type: 'response.reasoning_summary_text.done', ...this.part, text },
      { type: 'response.reasoning_summary_part.done', ...this.part, part: summary(text) },
    ];
  }

  item(status: ItemStatus): ResponseOutputItem {
    return reasoningItem(this.place.item_id, this.block, status);
  }

  private get part() {
    return { ...this.place, summary_index: 0 };
  }
}

const summary = (text: string) => ({ type: 'summary_text' as const, text });

/** A call of a function. */
export class OpenCall implements OpenItem {
  constructor(
    private readonly place: ItemPosition,
    private readonly block: ToolCallBlock,
  ) {}

  delta(delta: StreamDelta): Unnumbered[] {
    if (delta.type !== 'arguments') return [];
    this.block.arguments += delta.text;
    return [{ type: 'response.function_call_arguments.delta', ...this.place, delta: delta.text }];
  }

  end(): Unnumbered[] {
    return [{ type: 'response.function_call_arguments.done', ...this.place, arguments: this.block.arguments }];
  }

  item(status: ItemStatus): ResponseOutputItem {
    return callItem(this.place.item_id, this.block, status);
  }
}
