import type { Block, ReasoningBlock, Stop, StreamDelta } from '@parley/contracts';
import { lengthOf, toAnnotation } from './annotations.js';
import { toReasoningDetails } from './answer.js';

/**
 * What of a streamed choice is told once, at its end: what clients gather of fields that OpenAI does not stream is
 * what came last, so that it has to be whole. A thought is kept for that as long as its stream.
 */
export class Afterword {
  private readonly thoughts = new Map<number, ReasoningBlock>();
  private readonly annotations: object[] = [];
  private refused = false;
  /** Of the text so far, and of where its open block began. */
  private length = 0;
  private begin = 0;
  private citations: object[] = [];

  blockStart(index: number, block: Block): void {
    if (block.type === 'reasoning') this.thoughts.set(index, block);
    if (block.type === 'refusal') this.refused = true;
    if (block.type !== 'text') return;
    this.begin = this.length;
    this.length += lengthOf(block.text);
  }

  delta(index: number, delta: StreamDelta): void {
    if (delta.type === 'text') this.length += lengthOf(delta.text);
    else if (delta.type === 'reasoning' || delta.type === 'signature') this.think(index, delta);
    else if (delta.type === 'vendor') this.cite(delta.value);
  }

  blockEnd(): void {
    const range = { start_index: this.begin, end_index: this.length };
    for (const citation of this.citations) this.annotations.push(toAnnotation(citation, range));
    this.citations = [];
  }

  /** The fields of the last delta; undefined where there is nothing to tell. */
  fields({ explanation }: Stop): object | undefined {
    const fields = {
      ...toReasoningDetails([...this.thoughts.values()]),
      ...(this.annotations.length > 0 && { annotations: this.annotations }),
      ...(explanation !== undefined && !this.refused && { refusal: explanation }),
    };
    return Object.keys(fields).length > 0 ? fields : undefined;
  }

  /** OpenAI’s annotations know their place; Anthropic’s citations are over the block that they come in. */
  private cite({ citation, annotations }: Record<string, unknown>): void {
    if (typeof citation === 'object' && citation) this.citations.push(citation);
    if (Array.isArray(annotations)) this.annotations.push(...(annotations as object[]));
  }

  private think(index: number, { type, text }: Extract<StreamDelta, { type: 'reasoning' | 'signature' }>): void {
    const thought = this.thoughts.get(index);
    if (!thought) return;
    const { signature = '' } = thought;
    const grown = type === 'reasoning' ? { text: thought.text + text } : { signature: signature + text };
    this.thoughts.set(index, { ...thought, ...grown });
  }
}
