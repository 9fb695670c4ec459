export { anthropicProvider, type AnthropicOptions } from './anthropic/provider.js';
export { fromAnthropicContent, toCacheMark } from './anthropic/blocks-in.js';
export { providerConfig } from './config.js';
export { openaiCompatibleProvider, type OpenAiCompatibleOptions } from './openai/provider.js';
export type { Model, ModelProvider } from './provider.js';
export { providersFrom } from './providers-from.js';
export { ModelRouter, type OfferedModel, type Served } from './router/model-router.js';
export { StreamTally } from './stream-tally.js';
