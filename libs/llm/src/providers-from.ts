import { ConfigError, type Environment } from '@parley/service-kit';
import type { z } from 'zod';
import { anthropicProvider } from './anthropic/provider.js';
import type { providerConfig } from './config.js';
import { openaiCompatibleProvider, type OpenAiCompatibleOptions } from './openai/provider.js';
import type { ModelProvider } from './provider.js';
import { distinct, keysIn, keysOf } from './providers/keys.js';
import type { NamedProvider } from './providers/named-provider.js';
import { serving } from './providers/served-models.js';

type ProviderConfig = z.infer<z.ZodObject<typeof providerConfig>>;

/** GPT, ChatGPT, Codex and the o-series, and what makes embeddings, as OpenAI names its models. */
const openaiModels = /^(gpt-|chatgpt-|codex-|o\d|text-embedding-)/;

/** A provider as it is told of, in the environment or by name. */
interface Definition extends Pick<NamedProvider, 'kind' | 'models'> {
  readonly name: string;
  readonly keys: readonly string[];
  readonly options: Omit<OpenAiCompatibleOptions, 'name' | 'credential' | 'apiKey'>;
}

/**
 * The providers that the configuration names, in the order in which they are asked for a model that several list, and
 * each once for every credential that it has.
 * @throws ConfigError that names what does not fit, and repeats no value
 */
export function providersFrom(config: ProviderConfig, env?: Environment): ModelProvider[] {
  const failures: string[] = [];
  const keysFrom = (read: () => string[]): string[] => {
    try {
      return read();
    } catch (error) {
      failures.push((error as Error).message);
      return [];
    }
  };
  const given = [...ofVariables(config, keysFrom)];
  const named = Object.entries(config.PARLEY_PROVIDERS ?? {}).map(([name, provider]): Definition => {
    const { kind, api_keys, models } = provider;
    const path = `PARLEY_PROVIDERS.${name}`;
    if (given.some((one) => one.name === name))
      failures.push(`${path}: variables configure it too; one of them must go`);
    const read = () => api_keys.flatMap((key, index) => keysOf(key, `${path}.api_keys.${index}`, env));
    const keys = keysFrom(() => distinct(read(), `${path}.api_keys`));
    return { name, kind, models, keys, options: optionsOf(config, provider) };
  });
  if (failures.length > 0) throw new ConfigError(failures);
  return [...given, ...named].flatMap(credentialsOf);
}

function* ofVariables(config: ProviderConfig, keysFrom: (read: () => string[]) => string[]): Generator<Definition> {
  const { ANTHROPIC_API_KEY, ANTHROPIC_BASE_URL, OPENAI_API_KEY, OPENAI_BASE_URL } = config;
  if (ANTHROPIC_API_KEY !== undefined || ANTHROPIC_BASE_URL !== undefined) {
    const keys = keysFrom(() => keysIn(ANTHROPIC_API_KEY ?? '', 'ANTHROPIC_API_KEY'));
    const options = optionsOf(config, { base_url: ANTHROPIC_BASE_URL ?? 'https://api.anthropic.com' });
    yield { name: 'anthropic', kind: 'anthropic', keys, options };
  }
  if (OPENAI_API_KEY !== undefined || OPENAI_BASE_URL !== undefined) {
    const keys = keysFrom(() => keysIn(OPENAI_API_KEY ?? '', 'OPENAI_API_KEY'));
    const options = optionsOf(config, { base_url: OPENAI_BASE_URL ?? 'https://api.openai.com/v1' });
    yield { name: 'openai', kind: 'openai', keys, options: { ...options, knownModels: openaiModels } };
  }
}

type Described = Pick<NamedProvider, 'base_url'> & Partial<Pick<NamedProvider, 'max_tokens_field' | 'limits'>>;

function optionsOf(config: ProviderConfig, { base_url: baseUrl, max_tokens_field, limits = {} }: Described) {
  const { max_concurrent: maxConcurrent, max_queued: maxQueued } = limits;
  return {
    baseUrl,
    connections: maxConcurrent ?? config.PROVIDER_MAX_CONCURRENT,
    firstByteTimeoutMs: limits.first_byte_timeout_ms ?? config.PROVIDER_FIRST_BYTE_TIMEOUT_MS,
    idleTimeoutMs: limits.idle_timeout_ms ?? config.PROVIDER_IDLE_TIMEOUT_MS,
    places: { maxConcurrent, maxQueued },
    ...(max_tokens_field && { maxTokensField: max_tokens_field }),
  };
}

const credentialsOf = (definition: Definition): ModelProvider[] =>
  (definition.keys.length === 0 ? [undefined] : definition.keys).map((apiKey, index) =>
    made(definition, apiKey, String(index + 1)),
  );

function made(
  { name, kind, models, options }: Definition,
  apiKey: string | undefined,
  credential: string,
): ModelProvider {
  const provider =
    kind === 'anthropic'
      ? anthropicProvider({ ...options, name, credential, apiKey: apiKey ?? '' })
      : openaiCompatibleProvider({ ...options, name, credential, apiKey });
  return models ? serving(provider, models) : provider;
}
