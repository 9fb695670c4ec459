import type { CompletionRequest } from '@parley/contracts';
import { MessageStreamEncoder, toMessage } from '@parley/dialects';
import type { IncomingHttpHeaders } from 'node:http';
import type { Dialect } from '../dialect.js';
import { readBody } from '../read-body.js';
import { anthropicLimitHeaders } from './limit-headers.js';
import { fromMessagesRequest } from './request.js';
import { countTokensRequest, messagesRequest } from './request.schema.js';
import { withoutThread } from './threads.js';

/** Anthropic’s Messages API. */
export const anthropicDialect: Dialect = {
  name: 'anthropic',
  read: (body, headers) => fromMessagesRequest(readBody(messagesRequest, withoutThread(body)), headers),
  answer: toMessage,
  encoder: () => new MessageStreamEncoder(),
  // Anthropic's own streams have such events “any number of times” (platform.claude.com/docs, streaming messages).
  heartbeat: 'event: ping\ndata: {"type": "ping"}\n\n',
  limitHeaders: anthropicLimitHeaders,
};

/** A request whose tokens are to be counted. @throws AppError request.invalid, as reading a message does. */
export const readCountRequest = (body: unknown, headers: IncomingHttpHeaders): CompletionRequest =>
  fromMessagesRequest(readBody(countTokensRequest, body), headers);
