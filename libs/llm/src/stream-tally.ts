import {
  noTokens,
  type CompletionRequest,
  type StreamBatch,
  type StreamEvent,
  type TokenCounts,
} from '@parley/contracts';
import { estimateInput, tokensOfLength } from './estimate.js';

/** Counts along with a stream what it has used, so that one which is cut off can be accounted for as well. */
export class StreamTally {
  /** The model as the provider names it. */
  model: string | undefined;
  /** True once the whole answer was read. */
  ended = false;
  private known: TokenCounts | undefined;
  private final: TokenCounts | undefined;
  private characters = 0;

  constructor(private readonly request: CompletionRequest) {}

  add(batch: StreamBatch): void {
    for (const event of batch) this.count(event);
  }

  /** True where the provider gave no final count. */
  get estimated(): boolean {
    return this.final === undefined;
  }

  get tokens(): TokenCounts {
    if (this.final) return this.final;
    const before = this.known ?? { ...noTokens, input: estimateInput(this.request) };
    return { ...before, output: Math.max(before.output, tokensOfLength(this.characters)) };
  }

  private count(event: StreamEvent): void {
    switch (event.type) {
      case 'delta':
        if (event.delta.type !== 'vendor' && event.delta.type !== 'signature')
          this.characters += event.delta.text.length;
        return;
      case 'start':
        this.model = event.model;
        this.known = event.tokens;
        return;
      case 'end':
        this.ended = true;
        this.final = event.tokens;
        return;
      default:
    }
  }
}
