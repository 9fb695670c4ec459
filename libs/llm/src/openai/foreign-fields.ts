import type { LossTable } from '../losses.js';

/** Block fields that only Anthropic has; none changes what is said. */
export const anthropicBlockFields: LossTable = {
  citations: 'drop',
  context: 'drop',
  transformations: 'drop',
  caller: (value) => ((value as { type?: unknown }).type === 'direct' ? 'ignore' : 'drop'),
  toolset_name: 'drop',
};

/** Tool fields that only Anthropic has. */
export const anthropicToolFields: LossTable = {
  type: 'ignore',
  allowed_callers: 'drop',
  defer_loading: 'drop',
  eager_input_streaming: 'drop',
  input_examples: 'drop',
};

/** Request fields that only Anthropic has: refused where the answer would not be what was asked for. */
export const anthropicRequestFields: LossTable = {
  version: 'ignore',
  betas: 'drop',
  cache_control: 'drop',
  container: 'refuse',
  diagnostics: 'drop',
  inference_geo: 'refuse',
  service_tier: 'drop',
  speed: 'drop',
  thinking: (value) => ((value as { type?: unknown }).type === 'disabled' ? 'ignore' : 'drop'),
  top_k: 'drop',
};

/** Message fields that only Anthropic has. */
export const anthropicMessageFields: LossTable = { in_turn: 'ignore' };
