/** Each of these tells the gateway of a model provider. */
const providerVariables = ['ANTHROPIC_API_KEY', 'ANTHROPIC_BASE_URL', 'OPENAI_API_KEY', 'OPENAI_BASE_URL'] as const;

/** The providers that the environment names; undefined where it names none, so that the offline model has to answer. */
export function givenProviders(env: Readonly<Record<string, string | undefined>>): Record<string, string> | undefined {
  const given = providerVariables.flatMap((name) => (env[name] ? [[name, env[name]] as const] : []));
  return given.length === 0 ? undefined : Object.fromEntries(given);
}

/** The offline model in the place of both providers; it takes any key. */
export const offlineProviders = (url: string): Record<string, string> => ({
  ANTHROPIC_API_KEY: 'offline',
  ANTHROPIC_BASE_URL: url,
  OPENAI_API_KEY: 'offline',
  OPENAI_BASE_URL: `${url}/v1`,
});
