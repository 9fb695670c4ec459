import {
  AppError,
  type Block,
  type Native,
  type StreamDelta,
  type StreamEvent,
  type TokenCounts,
} from '@parley/contracts';
import type { EventSourceMessage } from 'eventsource-parser';
import { badResponse } from '../transport/failures.js';
import { fromFinishReason, usageSchema } from './answer-in.js';
import { chunkError } from './errors.js';
import { fromOpenAiUsage } from './usage.js';

interface WireToolCall {
  readonly index: number;
  readonly id?: string;
  readonly function?: { readonly name?: string; readonly arguments?: string };
  readonly custom?: object;
}

interface WireDelta {
  readonly content?: string | null;
  readonly reasoning_content?: string | null;
  readonly refusal?: string | null;
  readonly tool_calls?: readonly WireToolCall[] | null;
}

interface WireChoice {
  readonly index?: number;
  readonly delta?: WireDelta | null;
  readonly finish_reason?: string | null;
}

interface WireChunk {
  readonly id: string;
  readonly model: string;
  readonly created?: number;
  readonly choices?: readonly WireChoice[];
  readonly usage?: unknown;
  readonly error?: unknown;
}

/** The block that a choice is writing: OpenAI does not say where one ends, the next one’s beginning does. */
interface Progress {
  index: number;
  open: string | undefined;
}

const fields = [
  ['reasoning_content', 'reasoning'],
  ['content', 'text'],
  ['refusal', 'refusal'],
] as const;

/** One chunk may be several events: the last of them has its text. */
const toldLater: Native = { vendor: 'openai', text: '' };

const at = (choice: number): { choice?: number } => (choice === 0 ? {} : { choice });

/** Reads the chunks of one streamed chat completion in order, up to `[DONE]`. */
export class OpenAiStreamReader {
  private readonly progress = new Map<number, Progress>();
  private started = false;
  private finished = false;
  private tokens: TokenCounts | undefined;
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
    return [{ type: 'end', ...(this.tokens && { tokens: this.tokens }), native }];
  }

  private translate(chunk: WireChunk, native: Native): StreamEvent[] {
    const events: StreamEvent[] = [];
    if (!this.started) events.push(this.start(chunk));
    for (const choice of chunk.choices ?? []) this.readChoice(choice, events);
    if (chunk.usage) this.tokens = fromOpenAiUsage(usageSchema.parse(chunk.usage));
    // What follows the finish reason is the usage, which belongs to the end.
    if (events.length === 0 && chunk.usage) this.usageText = native.text;
    else if (events.length === 0) events.push({ type: 'vendor', native });
    return events.map((event, index) => ({ ...event, native: index === events.length - 1 ? native : toldLater }));
  }

  private start({ id, model, created }: WireChunk): StreamEvent {
    if (typeof id !== 'string' || typeof model !== 'string') throw new TypeError('neither id nor model');
    this.started = true;
    return { type: 'start', id, model, created: created ?? 0, dropped: this.dropped };
  }

  private readChoice({ index: choice = 0, delta, finish_reason }: WireChoice, events: StreamEvent[]): void {
    const progress = this.progress.get(choice) ?? { index: -1, open: undefined };
    this.progress.set(choice, progress);
    for (const [field, type] of fields) {
      const text = delta?.[field];
      if (!text) continue;
      this.open(progress, type, { type, text: '' }, choice, events);
      events.push({ type: 'delta', index: progress.index, delta: { type, text }, ...at(choice) });
    }
    for (const call of delta?.tool_calls ?? []) this.readToolCall(call, progress, choice, events);
    if (typeof finish_reason === 'string') {
      this.close(progress, choice, events);
      events.push({ type: 'stop', stop: fromFinishReason(finish_reason), ...at(choice) });
    }
  }

  private readToolCall(call: WireToolCall, progress: Progress, choice: number, events: StreamEvent[]): void {
    const block: Block = { type: 'tool_call', id: call.id ?? '', name: call.function?.name ?? '', arguments: '' };
    this.open(progress, `tool_call ${call.index}`, block, choice, events);
    const text = call.function?.arguments;
    const delta: StreamDelta | undefined = call.custom
      ? { type: 'vendor', vendor: 'openai', value: { ...call } }
      : text
        ? { type: 'arguments', text }
        : undefined;
    if (delta) events.push({ type: 'delta', index: progress.index, delta, ...at(choice) });
  }

  private open(progress: Progress, key: string, block: Block, choice: number, events: StreamEvent[]): void {
    if (progress.open === key) return;
    this.close(progress, choice, events);
    progress.open = key;
    progress.index += 1;
    events.push({ type: 'block_start', index: progress.index, block, ...at(choice) });
  }

  private close(progress: Progress, choice: number, events: StreamEvent[]): void {
    if (progress.open === undefined) return;
    progress.open = undefined;
    events.push({ type: 'block_end', index: progress.index, ...at(choice) });
  }
}
