import type { AppError, StreamBatch, StreamEvent, TokenCounts } from '@parley/contracts';
import { noTokens } from '@parley/contracts';
import type { StreamEncoder } from '../stream-encoder.js';
import { Afterword } from './afterword.js';
import { finishReasons, toChatId } from './answer.js';
import { openaiErrorBody } from './errors.js';
import { toChatUsage } from './usage.js';

type EventOf<Type extends StreamEvent['type']> = Extract<StreamEvent, { type: Type }>;

/**
 * Chunks of a streamed chat completion. What is the same in each is written once and joined as text; what came from a
 * provider of this dialect is passed on as it came.
 */
export class ChatStreamEncoder implements StreamEncoder {
  /** Everything of a chunk up to its choice, and after it. */
  private head = '';
  private readonly foot: string;
  private tokens: TokenCounts = noTokens;
  private usageText: string | undefined;
  /** The chunks with the finish reasons, kept back for the end. */
  private tail = '';
  /** Per choice, the number of each block that is a tool call: they are numbered apart from others. */
  private readonly calls = new Map<number, Map<number, number>>();
  private readonly afterwords = new Map<number, Afterword>();

  constructor(private readonly includeUsage: boolean) {
    // Whoever asks for the usage gets the field in every chunk.
    this.foot = includeUsage ? '}],"usage":null}\n\n' : '}]}\n\n';
  }

  encode(batch: StreamBatch): string {
    let text = '';
    for (const event of batch) {
      const chunk = this.write(event);
      if (event.type === 'stop') this.tail += chunk;
      else text += chunk;
    }
    return text;
  }

  end(): string {
    return `${this.tail}${this.includeUsage ? this.usage() : ''}data: [DONE]\n\n`;
  }

  error(error: AppError): string {
    return `data: ${JSON.stringify(openaiErrorBody(error))}\n\n`;
  }

  private write(event: StreamEvent): string {
    if (event.type === 'start') this.begin(event);
    if (event.type === 'end') return this.finish(event);
    if (event.native?.vendor !== 'openai') return this.translate(event);
    return event.native.text === '' ? '' : `data: ${event.native.text}\n\n`;
  }

  private begin({ id, created, model, tokens }: EventOf<'start'>): void {
    if (tokens) this.tokens = tokens;
    const head = JSON.stringify({ id: toChatId(id), object: 'chat.completion.chunk', created, model }).slice(0, -1);
    this.head = `data: ${head},"choices":[{"index":`;
  }

  private finish({ tokens, native }: EventOf<'end'>): string {
    if (tokens) this.tokens = tokens;
    if (native?.vendor === 'openai' && native.text !== '') this.usageText = native.text;
    return '';
  }

  private translate(event: StreamEvent): string {
    switch (event.type) {
      case 'start':
        return this.chunk(0, '{"role":"assistant","content":"","refusal":null}');
      case 'delta':
        this.afterword(event).delta(event.index, event.delta);
        return this.delta(event);
      case 'block_start':
        this.afterword(event).blockStart(event.index, event.block);
        return this.blockStart(event);
      case 'block_end':
        this.afterword(event).blockEnd();
        return '';
      case 'stop':
        return this.stop(event);
      default:
        return '';
    }
  }

  private afterword({ choice = 0 }: { choice?: number | undefined }): Afterword {
    const afterword = this.afterwords.get(choice) ?? new Afterword();
    this.afterwords.set(choice, afterword);
    return afterword;
  }

  private delta({ index, delta, choice = 0 }: EventOf<'delta'>): string {
    switch (delta.type) {
      case 'text':
        return this.chunk(choice, `{"content":${JSON.stringify(delta.text)}}`);
      case 'arguments': {
        const number = this.calls.get(choice)?.get(index);
        if (number === undefined) return '';
        return this.chunk(
          choice,
          `{"tool_calls":[{"index":${number},"function":{"arguments":${JSON.stringify(delta.text)}}}]}`,
        );
      }
      case 'reasoning':
        return this.chunk(choice, `{"reasoning_content":${JSON.stringify(delta.text)}}`);
      case 'refusal':
        return this.chunk(choice, `{"refusal":${JSON.stringify(delta.text)}}`);
      case 'signature':
      case 'vendor':
        return '';
    }
  }

  /** Most blocks begin with their first delta; a call has a name. */
  private blockStart({ index, block, choice = 0 }: EventOf<'block_start'>): string {
    if (block.type === 'text' && block.text !== '') {
      return this.chunk(choice, JSON.stringify({ content: block.text }));
    }
    if (block.type !== 'tool_call') return '';
    const numbers = this.calls.get(choice) ?? new Map<number, number>();
    this.calls.set(choice, numbers.set(index, numbers.size));
    const { id, name, arguments: text } = block;
    const call = { index: numbers.size - 1, id, type: 'function', function: { name, arguments: text } };
    return this.chunk(choice, JSON.stringify({ tool_calls: [call] }));
  }

  private stop({ stop, choice = 0 }: EventOf<'stop'>): string {
    const fields = this.afterword({ choice }).fields(stop);
    const told = fields ? this.chunk(choice, JSON.stringify(fields)) : '';
    const sequence = stop.sequence === undefined ? '' : `,"stop_reason":${JSON.stringify(stop.sequence)}`;
    return told + this.chunk(choice, '{}', `"${finishReasons[stop.reason]}"${sequence}`);
  }

  private chunk(choice: number, delta: string, finishReason = 'null'): string {
    return `${this.head}${choice},"delta":${delta},"logprobs":null,"finish_reason":${finishReason}${this.foot}`;
  }

  private usage(): string {
    if (this.usageText !== undefined) return `data: ${this.usageText}\n\n`;
    const head = this.head.slice(0, this.head.indexOf(',"choices"'));
    return `${head},"choices":[],"usage":${JSON.stringify(toChatUsage(this.tokens))}}\n\n`;
  }
}
