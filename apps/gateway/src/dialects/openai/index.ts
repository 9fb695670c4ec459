import { openaiLimitHeaders } from '@parley/limits';
import type { Dialect } from '../dialect.js';
import { readBody } from '../read-body.js';
import { toChatCompletion } from './answer.js';
import { ChatStreamEncoder } from './encoder.js';
import { fromChatRequest } from './request.js';
import { chatRequest } from './request.schema.js';

/** OpenAI’s chat completions. */
export const openaiDialect: Dialect = {
  name: 'openai',
  read: (body) => fromChatRequest(readBody(chatRequest, body)),
  answer: toChatCompletion,
  encoder: (request) => new ChatStreamEncoder(request),
  limitHeaders: openaiLimitHeaders,
};
