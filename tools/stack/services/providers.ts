import { readFileSync } from 'node:fs';
import { StackFailure } from '../failure.ts';

type Variables = Readonly<Record<string, string | undefined>>;

/** Each of these tells the gateway of a model provider. */
const providerVariables = [
  'ANTHROPIC_API_KEY',
  'ANTHROPIC_BASE_URL',
  'OPENAI_API_KEY',
  'OPENAI_BASE_URL',
  'PARLEY_PROVIDERS',
  'PARLEY_PROVIDERS_FILE',
] as const;

/** A variable, or the file of one, whose name stands in a list of providers. */
const keyVariable = /"env"\s*:\s*"([A-Z][A-Z0-9_]*)"/g;

/** The providers that the environment names; undefined where it names none, so that the offline model has to answer. */
export function givenProviders(env: Variables): Record<string, string> | undefined {
  const keys = [...listOfProviders(env).matchAll(keyVariable)].flatMap(([, name = '']) => [name, `${name}_FILE`]);
  const given = [...providerVariables, ...keys].flatMap((name) => (env[name] ? [[name, env[name]] as const] : []));
  return given.length === 0 ? undefined : Object.fromEntries(given);
}

/** Read for the names in it alone: the gateway says what is wrong with it. */
function listOfProviders({ PARLEY_PROVIDERS: list, PARLEY_PROVIDERS_FILE: file }: Variables): string {
  if (!file) return list ?? '';
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new StackFailure(`PARLEY_PROVIDERS_FILE cannot be read: ${(error as Error).message}`);
  }
}

/** Servers by name, as a company has them beside its vendors: one of two keys, one of one, one that speaks as Anthropic does. */
const named = (url: string) => ({
  alpha: {
    kind: 'openai',
    base_url: `${url}/as/alpha/v1`,
    api_keys: [{ env: 'ALPHA_API_KEYS' }],
  },
  beta: { kind: 'openai', base_url: `${url}/as/beta/v1`, models: ['offline-*', 'text-embedding-*'] },
  gamma: { kind: 'anthropic', base_url: `${url}/as/gamma` },
});

/** The offline model in the place of every provider; it takes any key. */
export const offlineProviders = (url: string): Record<string, string> => ({
  ANTHROPIC_API_KEY: 'offline',
  ANTHROPIC_BASE_URL: url,
  OPENAI_API_KEY: 'offline',
  OPENAI_BASE_URL: `${url}/v1`,
  PARLEY_PROVIDERS: JSON.stringify(named(url)),
  ALPHA_API_KEYS: 'alpha-1,alpha-2',
});
