import type { z } from 'zod';
import { anthropicProvider } from './anthropic/provider.js';
import type { providerConfig, ProviderLimits } from './config.js';
import { openaiCompatibleProvider } from './openai/provider.js';
import type { ModelProvider } from './provider.js';

type ProviderConfig = z.infer<z.ZodObject<typeof providerConfig>>;

/** GPT, ChatGPT, Codex and the o-series, as OpenAI names its models. */
const openaiModels = /^(gpt-|chatgpt-|codex-|o\d)/;

/** The providers that the configuration names, in the order in which they are asked for a model that several list. */
export function providersFrom(config: ProviderConfig): ModelProvider[] {
  const limits: ProviderLimits = {
    connections: config.PROVIDER_MAX_CONCURRENT,
    firstByteTimeoutMs: config.PROVIDER_FIRST_BYTE_TIMEOUT_MS,
    idleTimeoutMs: config.PROVIDER_IDLE_TIMEOUT_MS,
  };
  const providers: ModelProvider[] = [];
  if (config.ANTHROPIC_API_KEY !== undefined || config.ANTHROPIC_BASE_URL !== undefined) {
    const { ANTHROPIC_API_KEY: apiKey = '', ANTHROPIC_BASE_URL: baseUrl = 'https://api.anthropic.com' } = config;
    providers.push(anthropicProvider({ name: 'anthropic', apiKey, baseUrl, ...limits }));
  }
  if (config.OPENAI_API_KEY !== undefined || config.OPENAI_BASE_URL !== undefined) {
    const { OPENAI_API_KEY: apiKey, OPENAI_BASE_URL: baseUrl = 'https://api.openai.com/v1' } = config;
    providers.push(openaiCompatibleProvider({ name: 'openai', apiKey, baseUrl, knownModels: openaiModels, ...limits }));
  }
  return providers;
}
