import type { LossTable } from '../losses.js';

const unless =
  (...neutral: unknown[]) =>
  (value: unknown) =>
    neutral.some((one) => JSON.stringify(one) === JSON.stringify(value)) ? 'ignore' : 'refuse';

/** Request fields that only OpenAI has: refused where the answer would not be what was asked for. */
export const openaiRequestFields: LossTable = {
  max_tokens_field: 'ignore',
  user_field: 'ignore',
  stream_options: 'ignore',
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
