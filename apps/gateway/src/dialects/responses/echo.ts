import type { Response } from 'openai/resources/responses/responses';
import { withoutNulls } from '../openai/nulls.js';
import type { ResponseRequest } from './request.schema.js';

/** What a response repeats of its request. */
export type Echo = Omit<
  Response,
  | 'id'
  | 'created_at'
  | 'error'
  | 'incomplete_details'
  | 'model'
  | 'object'
  | 'output'
  | 'output_text'
  | 'status'
  | 'usage'
> & { readonly store: false };

/** As in force where nothing was said; null for what depends on the model. */
const defaults: Echo = {
  access_programs: null,
  background: false,
  instructions: null,
  max_output_tokens: null,
  max_tool_calls: null,
  metadata: {},
  parallel_tool_calls: true,
  previous_response_id: null,
  prompt_cache_key: null,
  safety_identifier: null,
  store: false,
  temperature: null,
  tool_choice: 'auto',
  tools: [],
  top_logprobs: 0,
  top_p: null,
  truncation: 'disabled',
};

/** Repeated as they were sent. */
const repeated = [
  'instructions',
  'max_output_tokens',
  'max_tool_calls',
  'metadata',
  'parallel_tool_calls',
  'prompt_cache_key',
  'prompt_cache_retention',
  'safety_identifier',
  'temperature',
  'tool_choice',
  'tools',
  'top_logprobs',
  'top_p',
  'user',
] as const satisfies readonly (keyof ResponseRequest)[];

export const echoOf = (wire: ResponseRequest): Record<string, unknown> => ({
  ...defaults,
  ...withoutNulls(Object.fromEntries(repeated.map((field) => [field, wire[field]]))),
  reasoning: { effort: null, summary: null, ...wire.reasoning },
  text: { format: { type: 'text' }, ...withoutNulls(wire.text ?? {}) },
});
