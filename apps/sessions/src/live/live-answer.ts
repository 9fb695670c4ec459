import type { Block, StreamBatch } from '@parley/contracts';
import { AnswerDraft } from '@parley/dialects';
import type { AnswerView, Ending } from './answer-view.js';
import { wordsOf } from './block-parts.js';

/** What PostgreSQL has of an answer. */
export interface StoredAnswer {
  readonly model: string | null;
  readonly blocks: readonly Block[];
}

/** Entries that came before the one they follow, at most; more is a gap that will not close. */
const maxWaiting = 1_000;

/**
 * The answer of a turn as it comes: by entries, each following the one before, or by what checkpoints keep, whichever is
 * further; in the end it is what is stored. It never goes back.
 */
export class LiveAnswer implements AnswerView {
  model: string | null = null;
  blocks: readonly Block[] = [];
  whole = 0;
  ending: Ending | undefined;
  /** True once an entry will not come any more: what is stored is then the only source. */
  lost = false;
  private readonly draft = new AnswerDraft();
  private heard = 0;
  private readonly waiting = new Map<number, StreamBatch>();

  /** Whether there is an entry that waits for one before it. */
  get gap(): boolean {
    return this.waiting.size > 0;
  }

  /** Takes an entry, in whatever order and as often as it comes. */
  hear({ n, events }: { readonly n: number; readonly events: StreamBatch }): void {
    if (this.lost || this.ending || n <= this.heard) return;
    this.waiting.set(n, events);
    if (this.waiting.size > maxWaiting) this.lose();
    for (let next = this.take(); next; next = this.take()) this.draft.add(next);
    const { content, model = null, whole } = this.draft;
    if (!isMore(this.blocks, content)) this.show(model, content, whole);
  }

  /** What is missing will not come. */
  lose(): void {
    this.lost = true;
    this.waiting.clear();
  }

  /** What a checkpoint kept, where that is more than is known. */
  keep({ model, blocks }: StoredAnswer): void {
    if (!this.ending && isMore(blocks, this.blocks)) this.show(model, blocks, blocks.length - 1);
  }

  /** The answer as it is stored in the end. */
  end({ model, blocks }: StoredAnswer, ending: Ending): void {
    if (this.ending) return;
    this.show(model, blocks, blocks.length);
    this.ending = ending;
    this.waiting.clear();
  }

  private take(): StreamBatch | undefined {
    const next = this.waiting.get(this.heard + 1);
    if (!next) return undefined;
    this.heard += 1;
    this.waiting.delete(this.heard);
    return next;
  }

  private show(model: string | null, blocks: readonly Block[], whole: number): void {
    this.model = model;
    this.blocks = blocks;
    this.whole = whole;
  }
}

/** An answer only grows: by blocks, and within the last one by its text. */
function isMore(blocks: readonly Block[], than: readonly Block[]): boolean {
  if (blocks.length !== than.length) return blocks.length > than.length;
  const [one, other] = [blocks.at(-1), than.at(-1)];
  return one !== undefined && other !== undefined && wordsOf(one).length > wordsOf(other).length;
}
