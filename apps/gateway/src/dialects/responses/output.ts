import type { Block, RefusalBlock, Stop, StopReason, StreamDelta, TextBlock } from '@parley/contracts';
import type { Response, ResponseOutputItem } from 'openai/resources/responses/responses';
import { customCallOf, OpenCustomCall } from './custom-call.js';
import type { ItemStatus } from './items.js';
import type { Logprob } from './logprobs.js';
import { OpenCall, OpenMessage, OpenThought, type OpenItem, type ItemPosition, type Unnumbered } from './open-items.js';

type CutBy = NonNullable<NonNullable<Response['incomplete_details']>['reason']>;

const cuts: Readonly<Partial<Record<StopReason, CutBy>>> = {
  length: 'max_output_tokens',
  context_window: 'max_output_tokens',
  content_filter: 'content_filter',
  refusal: 'content_filter',
};

/** Why an answer is not whole, in OpenAI’s words; undefined for one that is. */
export const cutBy = ({ reason }: Stop): CutBy | undefined => cuts[reason];

/** How a response that ended so stands. */
export const endStatus = (stop: Stop): 'completed' | 'incomplete' =>
  cutBy(stop) === undefined ? 'completed' : 'incomplete';

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

interface Entry {
  readonly item: OpenItem;
  status: ItemStatus;
  /** Its last block has ended: it is done as soon as another item comes. */
  ended: boolean;
}

/**
 * The items of an answer, built up from its blocks, and the events that tell of it. Blocks may overlap: some servers
 * write several calls at once, and sign a thought when it is over.
 */
export class Output {
  private readonly entries: Entry[] = [];
  private readonly byBlock = new Map<number, Entry>();
  /** The ids of calls whose names come with their first delta, as those of custom tools do. */
  private readonly unnamed = new Map<number, string>();
  private refused = false;

  /** `id` is the answer’s, of which its items have theirs. */
  constructor(private readonly id: string) {}

  get items(): ResponseOutputItem[] {
    return this.entries.map(({ item, status }) => item.item(status));
  }

  start(index: number, block: Block, logprobs: readonly Logprob[] = []): Unnumbered[] {
    if (block.type === 'refusal') this.refused = true;
    const events = isWords(block) ? this.words(index, block) : this.other(index, block);
    const first = firstDelta(block);
    return first ? [...events, ...this.delta(index, first, logprobs)] : events;
  }

  /** What belongs to a block without a counterpart in this dialect says nothing. */
  delta(index: number, delta: StreamDelta, logprobs: readonly Logprob[] = []): Unnumbered[] {
    const id = this.unnamed.get(index);
    const named = id === undefined ? undefined : customCallOf(delta);
    if (named) return this.start(index, { type: 'vendor', vendor: 'openai', value: { ...named, id } });
    return this.byBlock.get(index)?.item.delta(delta, logprobs) ?? [];
  }

  end(index: number): Unnumbered[] {
    const entry = this.byBlock.get(index);
    if (!entry) return [];
    entry.ended = true;
    return entry.item.end();
  }

  /** The answer has ended. A refusal that came with an explanation alone has it as its words. */
  finish(stop: Stop): Unnumbered[] {
    const { explanation: text } = stop;
    const explained =
      text !== undefined && !this.refused ? [...this.start(-1, { type: 'refusal', text }), ...this.end(-1)] : [];
    const last = this.entries.at(-1);
    const before = this.done(({ item }) => item !== last?.item);
    return [...explained, ...before, ...this.done(() => true, endStatus(stop))];
  }

  /** The answer has broken off: what there is of its items is all that comes of them. */
  cut(): Unnumbered[] {
    return [...this.done(({ ended }) => ended), ...this.done(() => true, 'incomplete')];
  }

  private words(index: number, block: TextBlock | RefusalBlock): Unnumbered[] {
    const last = this.entries.at(-1);
    if (last?.item instanceof OpenMessage && last.status === 'in_progress') {
      last.ended = false;
      this.byBlock.set(index, last);
      return last.item.start(block);
    }
    const message = new OpenMessage(this.place('msg'));
    return [...this.add(index, message), ...message.start(block)];
  }

  private other(index: number, block: Block): Unnumbered[] {
    this.unnamed.delete(index);
    const custom = customCallOf(block);
    if (custom) return this.add(index, new OpenCustomCall(this.place('ctc'), custom));
    if (block.type === 'reasoning') return this.add(index, new OpenThought(this.place('rs'), { ...block, text: '' }));
    if (block.type !== 'tool_call') return [];
    if (block.name !== '') return this.add(index, new OpenCall(this.place('fc'), { ...block, arguments: '' }));
    this.unnamed.set(index, block.id);
    return [];
  }

  private add(index: number, item: OpenItem): Unnumbered[] {
    const before = this.done(({ ended }) => ended);
    const entry: Entry = { item, status: 'in_progress', ended: false };
    const output_index = this.entries.push(entry) - 1;
    this.byBlock.set(index, entry);
    return [...before, { type: 'response.output_item.added', output_index, item: item.item('in_progress') }];
  }

  private done(which: (entry: Entry) => boolean, status: ItemStatus = 'completed'): Unnumbered[] {
    return this.entries.flatMap((entry, output_index): Unnumbered[] => {
      if (entry.status !== 'in_progress' || !which(entry)) return [];
      entry.status = status;
      return [{ type: 'response.output_item.done', output_index, item: entry.item.item(status) }];
    });
  }

  private place(prefix: string): ItemPosition {
    const output_index = this.entries.length;
    return { item_id: `${prefix}_${this.id}_${output_index}`, output_index };
  }
}

/** The items of a whole answer. `logprobs` are those of its one text. */
export function toOutput(
  id: string,
  content: readonly Block[],
  stop: Stop,
  logprobs: readonly Logprob[],
): ResponseOutputItem[] {
  const output = new Output(id);
  for (const [index, block] of content.entries()) {
    output.start(index, block, logprobs);
    output.end(index);
  }
  output.finish(stop);
  return output.items;
}
