import type { ReasoningBlock, RefusalBlock, TextBlock, ToolCallBlock } from '@parley/contracts';
import type {
  ResponseFunctionToolCall,
  ResponseOutputMessage,
  ResponseOutputRefusal,
  ResponseOutputText,
  ResponseReasoningItem,
} from 'openai/resources/responses/responses';
import { seal } from './thoughts.js';

export type ItemStatus = 'in_progress' | 'completed' | 'incomplete';

export const toPart = (block: TextBlock | RefusalBlock): ResponseOutputText | ResponseOutputRefusal =>
  block.type === 'refusal'
    ? { type: 'refusal', refusal: block.text }
    : { type: 'output_text', text: block.text, annotations: [], logprobs: [] };

export const messageItem = (
  id: string,
  blocks: readonly (TextBlock | RefusalBlock)[],
  status: ItemStatus,
): ResponseOutputMessage => ({ id, type: 'message', status, role: 'assistant', content: blocks.map(toPart) });

/**
 * Thoughts are given as summaries: that is what clients of this dialect show, and what Anthropic gives. What proves
 * them goes beside.
 */
export function reasoningItem(id: string, block: ReasoningBlock, status: ItemStatus): ResponseReasoningItem {
  const summary = block.text === '' ? [] : [{ type: 'summary_text' as const, text: block.text }];
  return { id, type: 'reasoning', status, summary, encrypted_content: seal(block) ?? null };
}

export const callItem = (id: string, block: ToolCallBlock, status: ItemStatus): ResponseFunctionToolCall => ({
  id,
  type: 'function_call',
  status,
  // A server may leave calls without ids, by which the SDK tells them apart.
  call_id: block.id || id,
  name: block.name,
  arguments: block.arguments,
});
