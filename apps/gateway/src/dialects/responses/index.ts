import type { Dialect } from '../dialect.js';
import { openaiDialect } from '../openai/index.js';
import { readBody } from '../read-body.js';
import { toResponse } from './answer.js';
import { ResponseStreamEncoder } from './encoder.js';
import { fromResponseRequest } from './request.js';
import { responseRequest } from './request.schema.js';

/** OpenAI’s Responses API without its store: each request brings the whole conversation. Limits are told as in chat completions. */
export const responsesDialect: Dialect = {
  ...openaiDialect,
  read: (body) => fromResponseRequest(readBody(responseRequest, body)),
  answer: toResponse,
  encoder: (request) => new ResponseStreamEncoder(request),
};
