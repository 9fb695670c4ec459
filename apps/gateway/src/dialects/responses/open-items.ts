import type { ReasoningBlock, RefusalBlock, StreamDelta, TextBlock, ToolCallBlock } from '@parley/contracts';
import type { ResponseOutputItem, ResponseStreamEvent } from 'openai/resources/responses/responses';
import { callItem, messageItem, reasoningItem, toPart, type ItemStatus } from './items.js';

type WithoutNumber<Event> = Event extends ResponseStreamEvent ? Omit<Event, 'sequence_number'> : never;

/** An event of a stream that has no number yet. */
export type Unnumbered = WithoutNumber<ResponseStreamEvent>;

/** Where an item stands in the output. */
export interface Place {
  readonly item_id: string;
  readonly output_index: number;
}

/** An item of the output while it grows. */
export interface OpenItem {
  /** More of its block. A delta of another kind than its block says nothing. */
  delta(delta: StreamDelta): Unnumbered[];
  /** Its block has ended. */
  end(): Unnumbered[];
  item(status: ItemStatus): ResponseOutputItem;
}

/** Texts and refusals that follow each other are the parts of one message. */
export class OpenMessage implements OpenItem {
  private readonly blocks: (TextBlock | RefusalBlock)[] = [];

  constructor(private readonly place: Place) {}

  start({ type }: TextBlock | RefusalBlock): Unnumbered[] {
    this.blocks.push({ type, text: '' });
    return [{ type: 'response.content_part.added', ...this.part, part: toPart(this.block) }];
  }

  delta(delta: StreamDelta): Unnumbered[] {
    const { block } = this;
    if (delta.type !== block.type) return [];
    block.text += delta.text;
    return [
      delta.type === 'refusal'
        ? { type: 'response.refusal.delta', ...this.part, delta: delta.text }
        : { type: 'response.output_text.delta', ...this.part, delta: delta.text, logprobs: [] },
    ];
  }

  end(): Unnumbered[] {
    const { type, text } = this.block;
    return [
      type === 'refusal'
        ? { type: 'response.refusal.done', ...this.part, refusal: text }
        : { type: 'response.output_text.done', ...this.part, text, logprobs: [] },
      { type: 'response.content_part.done', ...this.part, part: toPart(this.block) },
    ];
  }

  item(status: ItemStatus): ResponseOutputItem {
    return messageItem(this.place.item_id, this.blocks, status);
  }

  private get part() {
    return { ...this.place, content_index: this.blocks.length - 1 };
  }

  private get block(): TextBlock | RefusalBlock {
    return this.blocks.at(-1) as TextBlock | RefusalBlock;
  }
}

/** A thought: its text as the one part of a summary, where there is any. */
export class OpenThought implements OpenItem {
  constructor(
    private readonly place: Place,
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
    private readonly place: Place,
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
