/** What a newcomer sees in the list; faults are asked for by name (README). */
const own = ['offline-small', 'offline-large', 'offline-slow'];

/** Names that the SDKs’ examples use, so that they work unchanged. */
export const anthropicModels = [...own, 'claude-sonnet-5-5', 'claude-opus-5-5', 'claude-haiku-5-5'];
export const openaiModels = [...own, 'gpt-6-astra', 'gpt-5.4', 'gpt-5.4-mini', 'gpt-4o', 'gpt-4o-mini'];

/** Any name of a family is served, listed or not. */
export const isServed = (model: string): boolean => /^(offline-|claude-|gpt-|o\d)/.test(model);

/** Every model was made on this day. */
export const releasedAt = new Date('2026-01-01T00:00:00Z');
