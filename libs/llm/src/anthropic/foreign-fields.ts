import type { LossTable } from '../losses.js';

const unless =
  (...neutral: unknown[]) =>
  (value: unknown) =>
    neutral.some((one) => JSON.stringify(one) === JSON.stringify(value)) ? 'ignore' : 'refuse';

/** Request fields that only OpenAI has: refused where the answer would not be what was asked for. */
export const openaiRequestFields: LossTable = {
  max_tokens_field: 'ignore',
  user_field: 'ignore',
  // Every stream has its usage at Anthropic's, and none is obfuscated.
  stream_options: (value) => ((value as { include_obfuscation?: boolean }).include_obfuscation ? 'drop' : 'ignore'),
  audio: 'refuse',
  frequency_penalty: (value) => (value === 0 ? 'ignore' : 'drop'),
  function_call: 'refuse',
  functions: 'refuse',
  logit_bias: unless({}),
  logprobs: unless(false),
  metadata: 'drop',
  modalities: unless(['text']),
  moderation: 'refuse',
  n: unless(1),
  prediction: 'drop',
  presence_penalty: (value) => (value === 0 ? 'ignore' : 'drop'),
  prompt_cache_key: 'drop',
  prompt_cache_options: 'drop',
  prompt_cache_retention: 'drop',
  safety_identifier: 'drop',
  seed: 'drop',
  service_tier: (value) => (value === 'auto' || value === 'default' ? 'ignore' : 'drop'),
  store: (value) => (value === false ? 'ignore' : 'drop'),
  top_logprobs: unless(0),
  verbosity: (value) => (value === 'medium' ? 'ignore' : 'drop'),
  web_search_options: 'refuse',
};

/** Block fields that only OpenAI has. Its deprecated function messages carry no call id, so a turn cannot be matched. */
export const openaiBlockFields: LossTable = {
  part: 'ignore',
  prompt_cache_breakpoint: 'ignore',
  function_call: 'refuse',
};

/** Message fields that only OpenAI and servers of its dialect have; the content has the thoughts. */
export const openaiMessageFields: LossTable = {
  audio: 'refuse',
  reasoning_content: 'ignore',
  reasoning: 'ignore',
  reasoning_details: 'ignore',
};
