import type { ReasoningBlock, ToolCallBlock } from '@parley/contracts';
import type { ResponseFunctionToolCall, ResponseReasoningItem } from 'openai/resources/responses/responses';
import { seal } from './thoughts.js';

export type ItemStatus = 'in_progress' | 'completed' | 'incomplete';

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
  call_id: block.id,
  name: block.name,
  arguments: block.arguments,
});
