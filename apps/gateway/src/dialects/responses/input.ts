import type { Block, Message, ToolResultBlock } from '@parley/contracts';
import { isGiven } from '../openai/nulls.js';
import { fromContent } from './content.js';
import type { CallItem, InputItem, MessageItem, OutputItem, ReasoningItem } from './item.schema.js';
import { unseal } from './thoughts.js';
import type { Uncarried } from './uncarried.js';

/** Items that follow each other make up one turn: what the model said, thought and called, and what its tools gave. */
class Turns {
  readonly messages: Message[] = [];
  private open: 'assistant' | 'user' | undefined;

  add(role: 'assistant' | 'user', ...blocks: readonly Block[]): void {
    if (this.open === role) this.messages.at(-1)?.content.push(...blocks);
    else this.messages.push({ role, content: [...blocks] });
    this.open = role;
  }

  /** A message by itself. */
  push(message: Message): void {
    this.messages.push(message);
    this.open = undefined;
  }
}

/** Reads one item after the other. */
class InputReader {
  readonly turns = new Turns();

  constructor(private readonly uncarried: Uncarried) {}

  read(item: InputItem, path: string): void {
    switch (item.type) {
      case undefined:
      case 'message':
        this.message(item, path);
        break;
      case 'function_call':
      case 'custom_tool_call':
        this.turns.add('assistant', this.call(item, path));
        break;
      case 'function_call_output':
      case 'custom_tool_call_output':
        this.turns.add('user', this.result(item, path));
        break;
      case 'reasoning':
        this.turns.add('assistant', ...this.thought(item));
        break;
      case 'item_reference':
        this.uncarried.refuse(path, 'no items are kept here: send the item itself');
        break;
      default:
        this.uncarried.refuse(path, `there is no counterpart for items of type ${item.type}`);
    }
  }

  private message({ role, content, phase }: MessageItem, path: string): void {
    if (isGiven(phase)) this.uncarried.drop('input.phase');
    const blocks = fromContent(content, `${path}.content`, this.uncarried);
    if (role === 'assistant') this.turns.add(role, ...blocks);
    else this.turns.push({ role, content: blocks });
  }

  private call(item: CallItem, path: string): Block {
    this.demandDirect(item, path);
    if (item.async) this.uncarried.refuse(`${path}.async`, 'a model here waits for the results of its calls');
    const { call_id: id, name } = item;
    if (item.type === 'function_call') return { type: 'tool_call', id, name, arguments: item.arguments };
    return { type: 'vendor', vendor: 'openai', value: { id, type: 'custom', custom: { name, input: item.input } } };
  }

  private result(item: OutputItem, path: string): Block {
    this.demandDirect(item, path);
    if (!isGiven(item.call_id)) return this.uncarried.refuse(`${path}.call_id`, 'a result names the call it answers');
    const content = fromContent(item.output, `${path}.output`, this.uncarried) as ToolResultBlock['content'];
    return { type: 'tool_result', call_id: item.call_id, content };
  }

  private demandDirect(item: CallItem | OutputItem, path: string): void {
    if (item.caller?.type === 'program') this.uncarried.refuse(`${path}.caller`, 'models here call tools directly');
    if ('namespace' in item && isGiven(item.namespace)) {
      this.uncarried.refuse(`${path}.namespace`, 'tools have no namespaces here');
    }
  }

  private thought({ encrypted_content, content, summary }: ReasoningItem): Block[] {
    const whole = isGiven(encrypted_content) ? unseal(encrypted_content) : undefined;
    if (whole) return [whole];
    if (isGiven(encrypted_content)) this.uncarried.drop('input.encrypted_content');
    const texts = (content?.length ? content : summary).map(({ text }) => text);
    return texts.length === 0 ? [] : [{ type: 'reasoning', text: texts.join('\n\n') }];
  }
}

/** The conversation that a request gives as its input. @throws AppError model.unsupported_parameter */
export function fromInput(input: string | readonly InputItem[], uncarried: Uncarried): Message[] {
  if (typeof input === 'string') return [{ role: 'user', content: [{ type: 'text', text: input }] }];
  const reader = new InputReader(uncarried);
  for (const [index, item] of input.entries()) reader.read(item, `input.${index}`);
  return reader.turns.messages;
}
