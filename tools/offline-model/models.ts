/** What a newcomer sees in the list; faults are asked for by name (README). */
const own = ['offline-small', 'offline-large', 'offline-slow'];

/** Names that the SDKs’ examples use, so that they work unchanged. */
export const anthropicModels = [...own, 'claude-sonnet-5-5', 'claude-opus-5-5', 'claude-haiku-5-5'];
export const openaiModels = [
  ...own,
  'gpt-6-astra',
  'gpt-5.4',
  'gpt-5.4-mini',
  'gpt-4o',
  'gpt-4o-mini',
  'offline-embed',
  'text-embedding-3-small',
  'text-embedding-3-large',
];

/** Any name of a family is served, listed or not. */
export const isServed = (model: string): boolean => /^(offline-|claude-|gpt-|o\d|text-embedding-)/.test(model);

const yes = { supported: true };
const no = { supported: false };

/** What each can do, as Anthropic's list puts it. */
export const capabilities = {
  batch: no,
  citations: no,
  code_execution: no,
  context_management: {
    ...no,
    clear_thinking_20251015: null,
    clear_tool_uses_20250919: null,
    compact_20260112: null,
  },
  effort: { ...yes, low: yes, medium: yes, high: yes, xhigh: yes, max: yes },
  image_input: yes,
  pdf_input: yes,
  server_tools: { ...no, code_execution: no, web_search: no },
  structured_outputs: yes,
  thinking: { ...yes, types: { adaptive: yes, between_tools: no, disabled: yes, enabled: yes } },
};

/** Every model was made on this day. */
export const releasedAt = new Date('2026-01-01T00:00:00Z');
