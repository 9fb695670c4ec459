import type { Tool, ToolChoice } from '@parley/contracts';
import { isGiven } from '../openai/nulls.js';
import type { CustomToolWire, FunctionToolWire, ToolChoiceParam, ToolParam } from './tool.schema.js';
import type { Uncarried } from './uncarried.js';

const hosted = 'it runs at OpenAI; models here call functions and custom tools, which the caller runs';

function judge(wire: FunctionToolWire | CustomToolWire, path: string, uncarried: Uncarried): void {
  if (wire.async) uncarried.refuse(`${path}.async`, 'a model here waits for the results of its calls');
  if (wire.allowed_callers && !wire.allowed_callers.includes('direct')) {
    uncarried.refuse(`${path}.allowed_callers`, 'models here call tools directly');
  }
  if (wire.defer_loading) uncarried.drop('tools.defer_loading');
  if ('output_schema' in wire && isGiven(wire.output_schema)) uncarried.drop('tools.output_schema');
}

/** OpenAI’s two dialects nest a custom tool differently. */
function custom({ name, description, format }: CustomToolWire): Tool {
  const chatFormat =
    format?.type === 'grammar'
      ? { type: 'grammar', grammar: { definition: format.definition, syntax: format.syntax } }
      : format;
  const fields = { name, ...(description !== undefined && { description }), ...(format && { format: chatFormat }) };
  return { type: 'vendor', vendor: 'openai', value: { type: 'custom', custom: fields } };
}

export function fromTool(wire: ToolParam, path: string, uncarried: Uncarried): Tool {
  if (wire.type !== 'function' && wire.type !== 'custom') return uncarried.refuse(`${path}.type`, hosted);
  judge(wire, path, uncarried);
  if (wire.type === 'custom') return custom(wire);
  const { name, description, parameters, strict } = wire;
  return {
    type: 'function',
    name,
    ...(typeof description === 'string' && { description }),
    ...(parameters && { parameters }),
    ...(typeof strict === 'boolean' && { strict }),
  };
}

/** A choice among tools names them as the definitions of this dialect do, which is flatter than chat’s. */
function allowed({ type, name, ...rest }: Record<string, unknown>): Record<string, unknown> {
  return (type === 'function' || type === 'custom') && name !== undefined
    ? { type, [type]: { name, ...rest } }
    : { type, name, ...rest };
}

export function fromToolChoice(wire: ToolChoiceParam, uncarried: Uncarried): ToolChoice {
  if (typeof wire === 'string') return { type: wire };
  switch (wire.type) {
    case 'function':
      return { type: 'tool', name: wire.name };
    case 'custom':
      return { type: 'vendor', vendor: 'openai', value: { type: 'custom', custom: { name: wire.name } } };
    case 'allowed_tools': {
      const allowed_tools = { mode: wire.mode, tools: wire.tools.map(allowed) };
      return { type: 'vendor', vendor: 'openai', value: { type: 'allowed_tools', allowed_tools } };
    }
    default:
      return uncarried.refuse('tool_choice', hosted);
  }
}
