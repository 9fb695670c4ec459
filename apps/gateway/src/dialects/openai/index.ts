import type { CompletionRequest } from '@parley/contracts';
import { ChatStreamEncoder, toChatCompletion } from '@parley/dialects';
import { openaiLimitHeaders } from '@parley/limits';
import type { Dialect } from '../dialect.js';
import { readBody } from '../read-body.js';
import { fromChatRequest } from './request.js';
import { chatRequest } from './request.schema.js';

const wantsUsage = (request: CompletionRequest): boolean => {
  const options = request.vendor?.openai?.['stream_options'] as { include_usage?: boolean } | undefined;
  return options?.include_usage ?? false;
};

/** OpenAI’s chat completions. */
export const openaiDialect: Dialect = {
  name: 'openai',
  read: (body) => fromChatRequest(readBody(chatRequest, body)),
  answer: toChatCompletion,
  encoder: (request) => new ChatStreamEncoder(wantsUsage(request)),
  limitHeaders: openaiLimitHeaders,
};
