import type { Block, StreamDelta, StreamEvent } from '@parley/contracts';
import { fromFinishReason, madeUpCallId } from './answer-in.js';
import { fromReasoningDetail, type ReasoningDetail } from './reasoning-details.js';

interface WireFunction {
  readonly name?: string;
  readonly arguments?: string;
}

interface WireToolCall {
  readonly index?: number;
  readonly id?: string;
  readonly function?: WireFunction;
  readonly custom?: object;
}

interface WireDelta {
  readonly content?: string | null;
  readonly reasoning_content?: string | null;
  readonly reasoning?: string | null;
  readonly reasoning_details?: readonly ReasoningDetail[] | null;
  readonly refusal?: string | null;
  readonly annotations?: readonly object[] | null;
  readonly tool_calls?: readonly WireToolCall[] | null;
  readonly function_call?: WireFunction | null;
}

export interface WireChoice {
  readonly index?: number;
  readonly delta?: WireDelta | null;
  readonly finish_reason?: string | null;
  /** The stop sequence that was met, as vLLM tells it. */
  readonly stop_reason?: unknown;
}

/** A call of a tool that has begun. */
interface Call {
  readonly id: string | undefined;
  readonly index: number;
  hasArguments: boolean;
  ended: boolean;
}

/** Where the deprecated single call is kept, which has no index. */
const legacyCall = -1;

const isText = (value: unknown): value is string => typeof value === 'string' && value !== '';

/** Reads one choice of a streamed chat completion: OpenAI does not say where a block ends, the next one’s beginning does. */
export class ChoiceReader {
  private readonly at: { choice?: number };
  private events: StreamEvent[] = [];
  private next = 0;
  /** The text, thought or refusal that is being written. */
  private open: { readonly type: string; readonly index: number } | undefined;
  /** The thought that came last. */
  private thought: number | undefined;
  private hasThoughtsField = false;
  private readonly calls = new Map<number, Call>();
  /** All calls, also those whose number a later one has taken. */
  private readonly begun: Call[] = [];

  constructor(
    choice: number,
    private readonly answerId: string,
  ) {
    this.at = choice === 0 ? {} : { choice };
  }

  read({ delta, finish_reason, stop_reason }: WireChoice): StreamEvent[] {
    this.events = [];
    if (delta) this.readDelta(delta);
    if (typeof finish_reason === 'string') this.finish(finish_reason, stop_reason);
    return this.events;
  }

  private readDelta(delta: WireDelta): void {
    this.readThoughts(delta);
    this.write('text', delta.content);
    this.write('refusal', delta.refusal);
    if (delta.annotations?.length) this.annotate(delta.annotations);
    for (const call of delta.tool_calls ?? []) this.readCall(call.index ?? 0, call);
    if (delta.function_call) this.readCall(legacyCall, { function: delta.function_call });
  }

  /** Ollama, OpenRouter and newer vLLM have the second name; some send both with the same text. */
  private readThoughts({ reasoning_content, reasoning, reasoning_details }: WireDelta): void {
    const thought = reasoning_content || reasoning;
    this.hasThoughtsField ||= isText(thought);
    this.write('reasoning', thought);
    for (const detail of reasoning_details ?? []) this.readDetail(detail);
  }

  private annotate(annotations: readonly object[]): void {
    if (this.open?.type !== 'text') return;
    this.delta(this.open.index, { type: 'vendor', vendor: 'openai', value: { annotations } });
  }

  private write(type: 'text' | 'reasoning' | 'refusal', text: string | null | undefined): void {
    if (!isText(text)) return;
    if (this.open?.type !== type) {
      this.close();
      this.open = { type, index: this.begin({ type, text: '' }) };
    }
    if (type === 'reasoning') this.thought = this.open.index;
    this.delta(this.open.index, { type, text });
  }

  /** The text of thoughts has mostly come in a field of its own; a signature is for the thought before it. */
  private readDetail(detail: ReasoningDetail): void {
    const block = fromReasoningDetail(detail);
    if (block?.redacted !== undefined) {
      this.close();
      this.end(this.begin(block));
      return;
    }
    if (!this.hasThoughtsField) this.write('reasoning', block?.text);
    if (isText(block?.signature)) this.sign(block.signature);
  }

  private sign(text: string): void {
    const alone = this.thought === undefined;
    const index = this.thought ?? this.begin({ type: 'reasoning', text: '' });
    this.delta(index, { type: 'signature', text });
    if (alone) this.end(index);
    else if (this.open?.index === index) this.close();
    // What is thought or signed after this is another thought.
    this.thought = undefined;
  }

  /** Some servers number all their calls 0, and some write several at once: neither may end up in the other’s arguments. */
  private readCall(number: number, wire: WireToolCall): void {
    const known = this.calls.get(number);
    const isAnother = isText(wire.id) && wire.id !== known?.id && isText(wire.function?.name);
    const call = known && !isAnother ? known : this.beginCall(number, wire);
    if (wire.custom) this.argue(call, { type: 'vendor', vendor: 'openai', value: { ...wire } });
    else if (isText(wire.function?.arguments)) this.argue(call, { type: 'arguments', text: wire.function.arguments });
  }

  private argue(call: Call, delta: StreamDelta): void {
    call.hasArguments = true;
    this.delta(call.index, delta);
  }

  private beginCall(number: number, wire: WireToolCall): Call {
    this.close();
    const name = wire.function?.name ?? '';
    const id = wire.id || (number === legacyCall ? name : madeUpCallId(this.answerId, this.begun.length));
    const legacy = number === legacyCall && { vendor: { openai: { function_call: true } } };
    const index = this.begin({ type: 'tool_call', id, name, arguments: '', ...legacy });
    const call = { id: wire.id, index, hasArguments: false, ended: false };
    this.calls.set(number, call);
    this.begun.push(call);
    return call;
  }

  /** Ends what is open, but for a call without arguments: they may still come beside those of the next one. */
  private close(): void {
    if (this.open) this.end(this.open.index);
    this.open = undefined;
    for (const call of this.begun) if (!call.ended && call.hasArguments) this.endCall(call);
  }

  private finish(reason: string, stopReason: unknown): void {
    this.close();
    for (const call of this.begun) {
      if (call.ended) continue;
      this.delta(call.index, { type: 'arguments', text: '{}' });
      this.endCall(call);
    }
    const stop = fromFinishReason(reason, this.begun.length > 0, stopReason);
    this.events.push({ type: 'stop', stop, ...this.at });
  }

  private endCall(call: Call): void {
    call.ended = true;
    this.end(call.index);
  }

  private begin(block: Block): number {
    const index = this.next++;
    this.events.push({ type: 'block_start', index, block, ...this.at });
    return index;
  }

  private delta(index: number, delta: StreamDelta): void {
    this.events.push({ type: 'delta', index, delta, ...this.at });
  }

  private end(index: number): void {
    this.events.push({ type: 'block_end', index, ...this.at });
  }
}
