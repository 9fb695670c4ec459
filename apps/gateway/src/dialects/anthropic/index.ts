import type { Dialect } from '../dialect.js';
import { readBody } from '../read-body.js';
import { toMessage } from './answer.js';
import { MessageStreamEncoder } from './encoder.js';
import { fromMessagesRequest } from './request.js';
import { messagesRequest } from './request.schema.js';

/** Anthropic’s Messages API. */
export const anthropicDialect: Dialect = {
  name: 'anthropic',
  read: (body, headers) => fromMessagesRequest(readBody(messagesRequest, body), headers),
  answer: toMessage,
  encoder: () => new MessageStreamEncoder(),
};
