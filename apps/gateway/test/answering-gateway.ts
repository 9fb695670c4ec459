import { connectEvents } from '@parley/messaging';
import { parseConfig, startService } from '@parley/service-kit';
import { AppModule, service } from '../src/app.module.js';
import { config as schema } from '../src/config.js';
import type { StubService } from './edge/stub-service.js';

/** What the provider answers: nine tokens. */
export const completionOf = (model: string) => ({
  id: 'chatcmpl-1',
  object: 'chat.completion',
  created: 1,
  model,
  choices: [{ index: 0, message: { role: 'assistant', content: 'Yes.' }, finish_reason: 'stop' }],
  usage: { prompt_tokens: 7, completion_tokens: 2, total_tokens: 9 },
});

export function startGateway(env: NodeJS.ProcessEnv) {
  const config = parseConfig(schema, env);
  return startService({ service, module: AppModule.forRoot(config), config, onApplication: connectEvents });
}

/** One provider; no broker listens there, so that events stay in the outbox. */
export const answeredBy = ({ url }: StubService) => ({
  AMQP_URL: 'amqp://127.0.0.1:1',
  OPENAI_BASE_URL: `${url}/v1`,
  OPENAI_API_KEY: 'sk-test',
});
