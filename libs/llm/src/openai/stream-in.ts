import { AppError, type Native, type StreamEvent, type TokenCounts } from '@parley/contracts';
import type { EventSourceMessage } from 'eventsource-parser';
import { tierOf } from '../service-tier.js';
import { badResponse } from '../transport/failures.js';
import { usageSchema } from './answer-in.js';
import { ChoiceReader, type WireChoice } from './choice-in.js';
import { chunkError } from './errors.js';
import { fromOpenAiUsage } from './usage.js';

interface WireChunk {
  readonly id: string;
  readonly model: string;
  readonly created?: number;
  readonly choices?: readonly WireChoice[];
  readonly usage?: unknown;
  readonly service_tier?: unknown;
  readonly error?: unknown;
}

/** One chunk may be several events: the last of them has its text. */
const toldLater: Native = { vendor: 'openai', text: '' };

/** Reads the chunks of one streamed chat completion in order, up to `[DONE]`. */
export class OpenAiStreamReader {
  private readonly choices = new Map<number, ChoiceReader>();
  private started = false;
  private finished = false;
  private tokens: TokenCounts | undefined;
  private tier: ReturnType<typeof tierOf> = {};
  private usageText = '';

  constructor(
    private readonly provider: string,
    private readonly dropped: string[],
  ) {}

  /** True once the provider has said that the answer is whole. */
  get done(): boolean {
    return this.finished;
  }

  /** @throws AppError for an error in place of a chunk, and for what is no chunk. */
  read({ data }: EventSourceMessage): StreamEvent[] {
    if (data === '[DONE]') return this.end();
    let chunk: WireChunk;
    try {
      chunk = JSON.parse(data) as WireChunk;
      if (chunk.error) throw chunkError(this.provider, chunk.error);
      return this.translate(chunk, { vendor: 'openai', text: data });
    } catch (error) {
      if (error instanceof AppError) throw error;
      throw badResponse(this.provider, `unreadable chunk: ${data.slice(0, 200)}`, error);
    }
  }

  private end(): StreamEvent[] {
    this.finished = true;
    const native: Native = { vendor: 'openai', text: this.usageText };
    return [{ type: 'end', ...(this.tokens && { tokens: this.tokens }), ...this.tier, native }];
  }

  private translate(chunk: WireChunk, native: Native): StreamEvent[] {
    const events: StreamEvent[] = [];
    if (!this.started) events.push(this.start(chunk));
    for (const choice of chunk.choices ?? []) events.push(...this.reader(choice, chunk).read(choice));
    if (chunk.usage) this.tokens = fromOpenAiUsage(usageSchema.parse(chunk.usage));
    // What follows the finish reason is the usage, which belongs to the end.
    if (events.length === 0 && chunk.usage) this.usageText = native.text;
    else if (events.length === 0) events.push({ type: 'vendor', native });
    return events.map((event, index) => ({ ...event, native: index === events.length - 1 ? native : toldLater }));
  }

  private start({ id, model, created, service_tier }: WireChunk): StreamEvent {
    if (typeof id !== 'string' || typeof model !== 'string') throw new TypeError('neither id nor model');
    this.started = true;
    this.tier = tierOf(service_tier);
    return { type: 'start', id, model, created: created ?? 0, dropped: this.dropped, ...this.tier };
  }

  private reader({ index = 0 }: WireChoice, { id }: WireChunk): ChoiceReader {
    const reader = this.choices.get(index) ?? new ChoiceReader(index, id);
    this.choices.set(index, reader);
    return reader;
  }
}
