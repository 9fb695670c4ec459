import type { Block, StreamDelta } from '@parley/contracts';
import type { ResponseCustomToolCall, ResponseOutputItem } from 'openai/resources/responses/responses';
import type { OpenItem, ItemPosition, Unnumbered } from './open-items.js';

interface WireCustomCall {
  readonly id?: string;
  readonly custom?: { readonly name?: string; readonly input?: string };
}

/** A call of a custom tool, which chat completions nest under `custom` in answers and chunks alike. */
export const customCallOf = (from: Block | StreamDelta): WireCustomCall | undefined =>
  from.type === 'vendor' && from.vendor === 'openai' && 'custom' in from.value ? from.value : undefined;

/** A call of a custom tool, whose input is text. */
export class OpenCustomCall implements OpenItem {
  private input = '';

  constructor(
    private readonly place: ItemPosition,
    private readonly call: WireCustomCall,
  ) {}

  delta(delta: StreamDelta): Unnumbered[] {
    const text = customCallOf(delta)?.custom?.input ?? '';
    if (text === '') return [];
    this.input += text;
    return [{ type: 'response.custom_tool_call_input.delta', ...this.place, delta: text }];
  }

  end(): Unnumbered[] {
    return [{ type: 'response.custom_tool_call_input.done', ...this.place, input: this.input }];
  }

  item(): ResponseOutputItem {
    const { id: call_id = '', custom } = this.call;
    const item: ResponseCustomToolCall = {
      id: this.place.item_id,
      type: 'custom_tool_call',
      call_id,
      name: custom?.name ?? '',
      input: this.input,
    };
    return item;
  }
}
