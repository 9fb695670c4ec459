import { style } from './style.ts';

/** What the screen tells; the control socket answers it too, so that a second `npm start` can show it again. */
export interface ScreenFacts {
  readonly url: string;
  readonly apiKey: string;
  readonly adminEmail: string;
  readonly adminPassword: string;
  readonly offline: boolean;
  /** A model that answers, for the examples. */
  readonly model: string;
}

/** The one screen a newcomer needs: where it is, how to get in, what to type first. */
export function screen({ url, apiKey, adminEmail, adminPassword, offline, model }: ScreenFacts): string {
  const row = (name: string, value: string) => `    ${style('dim', name.padEnd(15))} ${value}`;
  const models = offline
    ? 'the offline model: scripted answers. Set ANTHROPIC_API_KEY or OPENAI_API_KEY for real ones.'
    : 'the providers that your environment names';
  const chat = JSON.stringify({ model, messages: [{ role: 'user', content: 'Hello!' }] });
  const message = JSON.stringify({
    model,
    max_tokens: 200,
    stream: true,
    messages: [{ role: 'user', content: 'Hello!' }],
  });
  return `
  ${style(['bold', 'green'], 'Parley is up.')}

${row('API', style('bold', url))}
${row('Documentation', `${url}/docs`)}
${row('API key', apiKey)}
${row('Owner', `${adminEmail}, password ${adminPassword}`)}
${row('Models', models)}

  ${style('bold', 'Ask a model')}, as OpenAI's clients do:

curl ${url}/v1/chat/completions -H 'Authorization: Bearer ${apiKey}' -H 'Content-Type: application/json' -d '${chat}'

  ${style('bold', 'The same, streamed')}, as Anthropic's clients do:

curl -N ${url}/v1/messages -H 'x-api-key: ${apiKey}' -H 'anthropic-version: 2023-06-01' -H 'Content-Type: application/json' -d '${message}'

  ${style('bold', 'See what was used')}:

curl ${url}/v1/analytics/usage -H 'Authorization: Bearer ${apiKey}'
`;
}
