import type { Block, Stop, StreamBatch, StreamEvent, TokenCounts } from '@parley/contracts';
import { closed, grown } from './grown-block.js';

/** What has come of an answer, as the blocks that a session keeps. */
export class AnswerDraft {
  /** As the provider names it; undefined until the answer has begun. */
  model: string | undefined;
  stop: Stop = { reason: 'end' };
  tokens: TokenCounts | undefined;
  /** True once the whole answer was read. */
  ended = false;
  private readonly blocks = new Map<number, Block>();
  /** Whether more may come of the last block. */
  private open = false;

  /** The blocks so far; the last one may be half a block. */
  get content(): Block[] {
    return [...this.blocks.values()];
  }

  /** How many of the blocks, from the first on, are whole. */
  get whole(): number {
    return this.blocks.size - (this.open ? 1 : 0);
  }

  add(batch: StreamBatch): void {
    for (const event of batch) this.take(event);
  }

  private take(event: StreamEvent): void {
    switch (event.type) {
      case 'start':
        this.model = event.model;
        return;
      case 'block_start':
        this.blocks.set(event.index, event.block);
        this.open = true;
        return;
      case 'delta':
        this.change(event.index, (block) => grown(block, event.delta));
        return;
      case 'block_end':
        this.change(event.index, closed);
        this.open = false;
        return;
      case 'stop':
        this.stop = event.stop;
        return;
      case 'end':
        this.ended = true;
        this.tokens = event.tokens;
        return;
      case 'vendor':
    }
  }

  private change(index: number, to: (block: Block) => Block): void {
    const block = this.blocks.get(index);
    if (block) this.blocks.set(index, to(block));
  }
}
