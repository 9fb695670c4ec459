import type { IncomingHttpHeaders } from 'node:http';
import { anthropicError, anthropicErrors, openaiError, openaiErrors } from '@parley/dialects';
import type { ErrorDialect, ServiceOptions } from '@parley/service-kit';
import { z } from 'zod';

/** Sent by Anthropic's clients with every request. */
export const anthropicVersionHeader = 'anthropic-version';

/** On a path that both vendors have: an answer in Anthropic's shape is for its clients, OpenAI's for all others. */
export const isAnthropicClient = (headers: IncomingHttpHeaders): boolean =>
  headers[anthropicVersionHeader] !== undefined;

/** In the shape of the vendor whose client asks. */
export const errorsByClient: ErrorDialect = (error, requestId, headers) =>
  isAnthropicClient(headers) ? anthropicErrors(error, requestId) : openaiErrors(error);

/** What `errorsByClient` writes. */
export const errorByClient = z.union([openaiError, anthropicError]);

/** For requests that reach no controller of their surface, such as one with a method that it does not take. */
export const errorDialects: NonNullable<ServiceOptions['errorDialects']> = [
  { prefix: '/v1/chat/completions', dialect: openaiErrors },
  { prefix: '/v1/embeddings', dialect: openaiErrors },
  { prefix: '/v1/responses', dialect: openaiErrors },
  { prefix: '/v1/models', dialect: errorsByClient },
  { prefix: '/v1/messages', dialect: anthropicErrors },
];

/** The formats that a route of kong.yml may name, besides `problem`. */
export const edgeDialects = { openai: openaiErrors, anthropic: anthropicErrors, by_client: errorsByClient };
