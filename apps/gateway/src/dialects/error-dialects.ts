import type { ServiceOptions } from '@parley/service-kit';
import { anthropicErrors } from './anthropic/errors.js';
import { openaiErrors } from './openai/errors.js';

/** For requests that reach no controller of their surface, such as one with a method that it does not take. */
export const errorDialects: NonNullable<ServiceOptions['errorDialects']> = [
  { prefix: '/v1/chat/completions', dialect: openaiErrors },
  { prefix: '/v1/models', dialect: openaiErrors },
  { prefix: '/v1/messages', dialect: anthropicErrors },
];
