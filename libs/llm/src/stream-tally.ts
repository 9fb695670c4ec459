import {
  noTokens,
  type CompletionRequest,
  type StreamBatch,
  type StreamDelta,
  type StreamEvent,
  type TokenCounts,
} from '@parley/contracts';
import { estimateInput, tokensOfLength, writtenLength } from './estimate.js';

/** Counts along with a stream what it has used, so that one which is cut off can be accounted for as well. */
export class StreamTally {
  /** The model as the provider names it. */
  model: string | undefined;
  /** True once the whole answer was read. */
  ended = false;
  /** Of the tokens that were written to the cache, those for an hour, where the provider tells them apart. */
  cache_write_1h: number | undefined;
  /** The provider’s tier of service where it is another than the standard one. */
  tier: string | undefined;
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
      case 'block_start':
        this.characters += writtenLength(event.block);
        return;
      case 'delta':
        this.characters += textOf(event.delta).length;
        return;
      case 'start':
        this.model = event.model;
        this.known = event.tokens;
        this.cache_write_1h = event.cache_write_1h;
        this.tier = event.tier;
        return;
      case 'end':
        this.ended = true;
        this.final = event.tokens;
        this.cache_write_1h = event.cache_write_1h ?? this.cache_write_1h;
        this.tier = event.tier ?? this.tier;
        return;
      default:
    }
  }
}

/** What it adds to what the model wrote; a signature is none of it. */
const textOf = (delta: StreamDelta): string =>
  delta.type === 'vendor' || delta.type === 'signature' ? '' : delta.text;
