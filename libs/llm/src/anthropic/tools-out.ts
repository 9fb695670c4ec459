import type { MessageCreateParamsBase, ToolUnion } from '@anthropic-ai/sdk/resources/messages';
import type { CompletionRequest, Tool } from '@parley/contracts';
import type { Losses } from '../losses.js';
import { toCacheControl } from './blocks-out.js';

/** A tool as Anthropic defines it; its schema must be an object’s. */
export function toAnthropicTool(tool: Tool, losses: Losses): ToolUnion {
  if (tool.type === 'vendor') {
    if (tool.vendor !== 'anthropic') losses.refuse(`tools.${String(tool.value['type'])}`);
    return tool.value as unknown as ToolUnion;
  }
  return {
    name: tool.name,
    ...(tool.description !== undefined && { description: tool.description }),
    input_schema: { type: 'object', ...tool.parameters },
    ...(tool.strict !== undefined && { strict: tool.strict }),
    ...(tool.cache && { cache_control: toCacheControl(tool.cache) }),
    ...tool.vendor?.anthropic,
  };
}

const choices = { auto: 'auto', none: 'none', required: 'any', tool: 'tool' } as const;

/** Anthropic keeps the switch for parallel calls in the choice, OpenAI beside it: "auto" is both vendors’ default choice. */
export function toAnthropicToolChoice(
  { tool_choice, parallel_tool_calls: parallel, tools }: CompletionRequest,
  losses: Losses,
): MessageCreateParamsBase['tool_choice'] {
  const choice = tool_choice ?? (parallel === false && tools ? { type: 'auto' as const } : undefined);
  if (!choice) return undefined;
  if (choice.type === 'vendor') return losses.refuse(`tool_choice.${String(choice.value['type'])}`);
  const named = choice.type === 'tool' ? { name: choice.name } : {};
  const switched = parallel !== undefined && choice.type !== 'none' ? { disable_parallel_tool_use: !parallel } : {};
  return { type: choices[choice.type], ...named, ...switched } as MessageCreateParamsBase['tool_choice'];
}
