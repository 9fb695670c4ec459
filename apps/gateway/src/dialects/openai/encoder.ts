import type { AppError, Block, CompletionRequest, StreamBatch, StreamEvent, TokenCounts } from '@parley/contracts';
import { noTokens } from '@parley/contracts';
import type { StreamEncoder } from '../dialect.js';
import { finishReasons, toChatId, toReasoningDetail } from './answer.js';
import { openaiErrorBody } from './errors.js';
import { toChatUsage } from './usage.js';

type EventOf<Type extends StreamEvent['type']> = Extract<StreamEvent, { type: Type }>;

const wantsUsage = (request: CompletionRequest): boolean => {
  const options = request.vendor?.openai?.['stream_options'] as { include_usage?: boolean } | undefined;
  return options?.include_usage ?? false;
};

/**
 * Chunks of a streamed chat completion. What is the same in each is written once and joined as text; what came from a
 * provider of this dialect is passed on as it came.
 */
export class ChatStreamEncoder implements StreamEncoder {
  /** Everything of a chunk up to its choice. */
  private head = '';
  private readonly includeUsage: boolean;
  private tokens: TokenCounts = noTokens;
  private usageText: string | undefined;
  /** The chunks with the finish reasons, kept back for the end. */
  private tail = '';
  /** Per choice, how many tool calls it has begun: they are numbered apart from other blocks. */
  private readonly calls = new Map<number, number>();

  constructor(request: CompletionRequest) {
    this.includeUsage = wantsUsage(request);
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
        return this.delta(event);
      case 'block_start':
        return this.blockStart(event.block, event.choice ?? 0);
      case 'stop':
        return this.chunk(event.choice ?? 0, '{}', `"${finishReasons[event.stop.reason]}"`);
      default:
        return '';
    }
  }

  private delta({ delta, choice = 0 }: EventOf<'delta'>): string {
    switch (delta.type) {
      case 'text':
        return this.chunk(choice, `{"content":${JSON.stringify(delta.text)}}`);
      case 'arguments': {
        const index = (this.calls.get(choice) ?? 1) - 1;
        return this.chunk(
          choice,
          `{"tool_calls":[{"index":${index},"function":{"arguments":${JSON.stringify(delta.text)}}}]}`,
        );
      }
      case 'reasoning':
        return this.chunk(choice, `{"reasoning_content":${JSON.stringify(delta.text)}}`);
      case 'refusal':
        return this.chunk(choice, `{"refusal":${JSON.stringify(delta.text)}}`);
      case 'signature':
        return this.chunk(
          choice,
          JSON.stringify({ reasoning_details: [{ type: 'reasoning.text', text: '', signature: delta.text }] }),
        );
      case 'vendor':
        return '';
    }
  }

  /** Most blocks begin with their first delta; a call has a name, and what a provider hides comes whole. */
  private blockStart(block: Block, choice: number): string {
    if (block.type === 'tool_call') {
      const index = this.calls.get(choice) ?? 0;
      this.calls.set(choice, index + 1);
      const call = {
        index,
        id: block.id,
        type: 'function',
        function: { name: block.name, arguments: block.arguments },
      };
      return this.chunk(choice, JSON.stringify({ tool_calls: [call] }));
    }
    if (block.type === 'reasoning' && block.redacted !== undefined) {
      return this.chunk(choice, JSON.stringify({ reasoning_details: [toReasoningDetail(block)] }));
    }
    return block.type === 'text' && block.text !== ''
      ? this.chunk(choice, JSON.stringify({ content: block.text }))
      : '';
  }

  private chunk(choice: number, delta: string, finishReason = 'null'): string {
    return `${this.head}${choice},"delta":${delta},"logprobs":null,"finish_reason":${finishReason}}]}\n\n`;
  }

  private usage(): string {
    if (this.usageText !== undefined) return `data: ${this.usageText}\n\n`;
    const head = this.head.slice(0, this.head.indexOf(',"choices"'));
    return `${head},"choices":[],"usage":${JSON.stringify(toChatUsage(this.tokens))}}\n\n`;
  }
}
