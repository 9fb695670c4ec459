import type { RefusalBlock, StreamDelta, TextBlock } from '@parley/contracts';
import type { ResponseOutputRefusal, ResponseOutputText } from 'openai/resources/responses/responses';
import { Sources } from './annotations.js';
import type { Logprob } from './logprobs.js';
import type { ItemPosition, Unnumbered } from './open-items.js';

type PartPlace = ItemPosition & { readonly content_index: number };

/** A part of a message while it grows: a text with its sources, or a refusal. */
export class MessagePart {
  private text = '';
  private readonly sources = new Sources();
  private readonly logprobs: Logprob[] = [];
  private readonly type: 'text' | 'refusal';

  constructor(
    private readonly place: PartPlace,
    block: TextBlock | RefusalBlock,
  ) {
    this.type = block.type;
    if (block.type === 'text') this.sources.add(block);
  }

  start(): Unnumbered {
    const part = this.type === 'refusal' ? refusal('') : text('', [], []);
    return { type: 'response.content_part.added', ...this.place, part };
  }

  delta(delta: StreamDelta, logprobs: readonly Logprob[]): Unnumbered[] {
    if (delta.type === 'vendor') this.sources.read(delta);
    if (delta.type !== this.type) return [];
    this.text += delta.text;
    if (delta.type === 'refusal') return [{ type: 'response.refusal.delta', ...this.place, delta: delta.text }];
    this.logprobs.push(...logprobs);
    return [{ type: 'response.output_text.delta', ...this.place, delta: delta.text, logprobs: [...logprobs] }];
  }

  end(): Unnumbered[] {
    const part = this.whole();
    const done: Unnumbered = { type: 'response.content_part.done', ...this.place, part };
    if (part.type === 'refusal') return [{ type: 'response.refusal.done', ...this.place, refusal: this.text }, done];
    const annotated = part.annotations.map((annotation, annotation_index): Unnumbered => {
      return { type: 'response.output_text.annotation.added', ...this.place, annotation_index, annotation };
    });
    const { text: words, logprobs } = this;
    return [...annotated, { type: 'response.output_text.done', ...this.place, text: words, logprobs }, done];
  }

  whole(): ResponseOutputText | ResponseOutputRefusal {
    if (this.type === 'refusal') return refusal(this.text);
    return text(this.text, this.sources.over(this.text), this.logprobs);
  }
}

const refusal = (words: string): ResponseOutputRefusal => ({ type: 'refusal', refusal: words });

const text = (
  words: string,
  annotations: ResponseOutputText['annotations'],
  logprobs: Logprob[],
): ResponseOutputText => ({ type: 'output_text', text: words, annotations, logprobs });
