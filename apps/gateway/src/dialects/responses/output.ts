import type { Block, RefusalBlock, Stop, StopReason, StreamDelta, TextBlock } from '@parley/contracts';
import type { Response, ResponseOutputItem } from 'openai/resources/responses/responses';
import { customCallOf, OpenCustomCall } from './custom-call.js';
import { OpenCall, OpenMessage, OpenThought, type OpenItem, type Place, type Unnumbered } from './open-items.js';

type CutBy = NonNullable<NonNullable<Response['incomplete_details']>['reason']>;

const cuts: Readonly<Partial<Record<StopReason, CutBy>>> = {
  length: 'max_output_tokens',
  context_window: 'max_output_tokens',
  content_filter: 'content_filter',
  refusal: 'content_filter',
};

/** Why an answer is not whole, in OpenAI’s words; undefined for one that is. */
export const cutBy = ({ reason }: Stop): CutBy | undefined => cuts[reason];

const isWords = (block: Block): block is TextBlock | RefusalBlock => block.type === 'text' || block.type === 'refusal';

/** What a block has at its start, which comes as its first delta. */
function firstDelta(block: Block): StreamDelta | undefined {
  switch (block.type) {
    case 'text':
    case 'refusal':
    case 'reasoning':
      return block.text === '' ? undefined : { type: block.type, text: block.text };
    case 'tool_call':
      return block.arguments === '' ? undefined : { type: 'arguments', text: block.arguments };
    case 'vendor':
      return block;
    default:
      return undefined;
  }
}

/** The items of an answer, built up block by block, and the events that tell of it. */
export class Output {
  /** Those that are done. */
  readonly items: ResponseOutputItem[] = [];
  private open: OpenItem | undefined;
  /** What becomes of a block that has no counterpart in this dialect. */
  private skipping = false;
  /** The id of a call whose name comes with its first delta, as that of a custom tool does. */
  private unnamed: string | undefined;
  private refused = false;

  /** `id` is the answer’s, of which its items have theirs. */
  constructor(private readonly id: string) {}

  start(block: Block): Unnumbered[] {
    if (block.type === 'refusal') this.refused = true;
    const events = this.opened(block);
    const first = firstDelta(block);
    return first ? [...events, ...this.delta(first)] : events;
  }

  delta(delta: StreamDelta): Unnumbered[] {
    const named = this.unnamed === undefined ? undefined : customCallOf(delta);
    if (named) return this.start({ type: 'vendor', vendor: 'openai', value: { ...named, id: this.unnamed } });
    return (this.skipping ? undefined : this.open)?.delta(delta) ?? [];
  }

  end(): Unnumbered[] {
    return (this.skipping ? undefined : this.open)?.end() ?? [];
  }

  /** The answer has ended. A refusal that came with an explanation alone has it as its words. */
  finish(stop: Stop): Unnumbered[] {
    const explained =
      stop.explanation !== undefined && !this.refused
        ? [...this.start({ type: 'refusal', text: stop.explanation }), ...this.end()]
        : [];
    return [...explained, ...this.done(cutBy(stop) === undefined ? 'completed' : 'incomplete')];
  }

  /** The answer has broken off: what there is of the last item is all that comes of it. */
  cut(): Unnumbered[] {
    return this.done('incomplete');
  }

  private opened(block: Block): Unnumbered[] {
    this.skipping = false;
    this.unnamed = undefined;
    if (isWords(block)) {
      const { open } = this;
      if (open instanceof OpenMessage) return open.start(block);
      const message = new OpenMessage(this.place('msg'));
      return [...this.add(message), ...message.start(block)];
    }
    if (block.type === 'reasoning') return this.add(new OpenThought(this.place('rs'), { ...block, text: '' }));
    if (block.type === 'tool_call' && block.name !== '') {
      return this.add(new OpenCall(this.place('fc'), { ...block, arguments: '' }));
    }
    const custom = customCallOf(block);
    if (custom) return this.add(new OpenCustomCall(this.place('ctc'), custom));
    this.skipping = true;
    if (block.type === 'tool_call') this.unnamed = block.id;
    return [];
  }

  /** The item before it is done once the next one comes: only the last one of an answer can be cut off. */
  private add(item: OpenItem): Unnumbered[] {
    const before = this.done('completed');
    this.open = item;
    const output_index = this.items.length;
    return [...before, { type: 'response.output_item.added', output_index, item: item.item('in_progress') }];
  }

  private done(status: 'completed' | 'incomplete'): Unnumbered[] {
    if (!this.open) return [];
    const item = this.open.item(status);
    this.open = undefined;
    const output_index = this.items.push(item) - 1;
    return [{ type: 'response.output_item.done', output_index, item }];
  }

  private place(prefix: string): Place {
    const output_index = this.items.length + (this.open ? 1 : 0);
    return { item_id: `${prefix}_${this.id}_${output_index}`, output_index };
  }
}

/** The items of a whole answer. */
export function toOutput(id: string, content: readonly Block[], stop: Stop): ResponseOutputItem[] {
  const output = new Output(id);
  for (const block of content) {
    output.start(block);
    output.end();
  }
  output.finish(stop);
  return output.items;
}
