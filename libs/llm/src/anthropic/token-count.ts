import type { MessageCountTokensParams } from '@anthropic-ai/sdk/resources/messages';
import type { CompletionRequest } from '@parley/contracts';
import { Losses } from '../losses.js';
import type { CallContext } from '../provider.js';
import { badResponse } from '../transport/failures.js';
import { fromClientError, officialClient, type ClientOptions } from './client.js';
import { requestHeaders, toAnthropicRequest } from './request-out.js';

/** What of a request has a length; Anthropic refuses to count anything else. */
function countable(request: CompletionRequest, losses: Losses): MessageCountTokensParams {
  const body = toAnthropicRequest(request, 0, losses);
  const { model, messages, system, tools, tool_choice, thinking, output_config, cache_control, speed } = body;
  const fields = { model, messages, system, tools, tool_choice, thinking, output_config, cache_control, speed };
  return fields as MessageCountTokensParams;
}

/** Counts the input of a request by the official client. */
export function anthropicTokenCount(
  options: ClientOptions,
  timeoutMs: number,
): (request: CompletionRequest, context: CallContext) => Promise<number> {
  const { provider } = options;
  const client = officialClient(options, timeoutMs);
  const ask = async (request: CompletionRequest, signal: AbortSignal) => {
    const body = countable(request, new Losses(provider));
    const headers = requestHeaders(request);
    try {
      return await client.messages.countTokens(body, { signal, ...(headers && { headers }) });
    } catch (error) {
      throw fromClientError(provider, error, signal);
    }
  };
  return async (request, { signal }) => {
    const answer = (await ask(request, signal)) as { readonly input_tokens?: unknown } | null;
    const count = answer?.input_tokens;
    if (typeof count !== 'number') throw badResponse(provider, 'a count without input_tokens');
    return count;
  };
}
