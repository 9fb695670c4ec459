import { openaiLimitHeaders, type LimitHeaders } from '@parley/limits';
import type { IncomingHttpHeaders } from 'node:http';
import { anthropicLimitHeaders } from './anthropic/limit-headers.js';
import { isAnthropicClient } from './error-dialects.js';

/** As the vendor does whose client asks. */
export const limitHeadersByClient = (sent: IncomingHttpHeaders): LimitHeaders =>
  isAnthropicClient(sent) ? anthropicLimitHeaders : openaiLimitHeaders;
