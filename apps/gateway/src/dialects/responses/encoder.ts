import {
  noTokens,
  type AppError,
  type CompletionRequest,
  type Stop,
  type StreamBatch,
  type StreamEvent,
  type TokenCounts,
} from '@parley/contracts';
import { openaiErrorBody, type StreamEncoder } from '@parley/dialects';
import type { ResponseErrorEvent } from 'openai/resources/responses/responses';
import { bareId, ended, inProgress, type WireResponse } from './answer.js';
import { logprobsIn, wantsLogprobs, type Logprob } from './logprobs.js';
import type { Unnumbered } from './open-items.js';
import { endStatus, Output } from './output.js';

type Lifecycle = 'created' | 'in_progress' | 'completed' | 'incomplete' | 'failed';

type Event =
  | Unnumbered
  | { readonly type: `response.${Lifecycle}`; readonly response: WireResponse }
  | Omit<ResponseErrorEvent, 'sequence_number'>;

/** Events of a streamed response in the order that OpenAI documents, numbered from 0. */
export class ResponseStreamEncoder implements StreamEncoder {
  private number = 0;
  /** Undefined until the answer has begun. */
  private response: WireResponse | undefined;
  private output = new Output('');
  private stop: Stop = { reason: 'end' };
  private tokens: TokenCounts = noTokens;

  private readonly wantsLogprobs: boolean;

  constructor(private readonly request: CompletionRequest) {
    this.wantsLogprobs = wantsLogprobs(request);
  }

  encode(batch: StreamBatch): string {
    return batch.map((event, at) => this.write(...this.translate(event, batch, at))).join('');
  }

  end(): string {
    if (!this.response) return '';
    const response = ended(this.response, this.stop, this.output.items, this.tokens);
    return this.write({ type: `response.${endStatus(this.stop)}`, response });
  }

  /** What there is of the response, as failed, and the event that OpenAI’s SDKs raise. */
  error(error: AppError): string {
    const { message, code, param } = openaiErrorBody(error).error;
    return this.failed(error, message) + this.write({ type: 'error', code, message, param });
  }

  private failed({ status }: AppError, message: string): string {
    if (!this.response) return '';
    const code = status === 429 ? 'rate_limit_exceeded' : 'server_error';
    const events = this.output.cut();
    const { items: output } = this.output;
    const response: WireResponse = { ...this.response, status: 'failed', error: { code, message }, output };
    return this.write(...events, { type: 'response.failed', response });
  }

  private translate(event: StreamEvent, batch: StreamBatch, at: number): Event[] {
    switch (event.type) {
      case 'start':
        return this.start(event);
      case 'block_start':
        return this.output.start(event.index, event.block);
      case 'delta':
        return this.output.delta(event.index, event.delta, this.logprobsOf(batch, at));
      case 'block_end':
        return this.output.end(event.index);
      case 'stop':
        this.stop = event.stop;
        return this.output.finish(event.stop);
      case 'end':
        this.tokens = event.tokens ?? this.tokens;
        return [];
      case 'vendor':
        return [];
    }
  }

  /** Of several events that came in one chunk, the last one has its text. */
  private logprobsOf(batch: StreamBatch, at: number): Logprob[] {
    if (!this.wantsLogprobs || batch[at]?.type !== 'delta') return [];
    return logprobsIn(batch.slice(at).find(({ native }) => native?.text)?.native);
  }

  private start(event: Extract<StreamEvent, { type: 'start' }>): Event[] {
    const response = inProgress(event, this.request);
    this.response = response;
    this.output = new Output(bareId(event.id));
    this.tokens = event.tokens ?? this.tokens;
    return [
      { type: 'response.created', response },
      { type: 'response.in_progress', response },
    ];
  }

  private write(...events: readonly Event[]): string {
    let text = '';
    for (const { type, ...fields } of events) {
      const data = JSON.stringify({ type, sequence_number: this.number, ...fields });
      this.number += 1;
      text += `event: ${type}\ndata: ${data}\n\n`;
    }
    return text;
  }
}
