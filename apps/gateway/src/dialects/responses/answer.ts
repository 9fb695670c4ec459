import type { Completion, CompletionRequest, Stop, TokenCounts } from '@parley/contracts';
import type { Response, ResponseOutputItem } from 'openai/resources/responses/responses';
import type { Echo } from './echo.js';
import { logprobsIn, wantsLogprobs } from './logprobs.js';
import { cutBy, endStatus, toOutput } from './output.js';
import { toResponseUsage } from './usage.js';

/** Providers’ ids with the prefixes of their own kinds. */
const prefixes = /^(?:chatcmpl-|msg_|resp_)/;

/** What follows the prefix of a provider’s id. */
export const bareId = (id: string): string => id.replace(prefixes, '');

/** A response as it goes out: the SDK makes `output_text` of the output by itself. */
export type WireResponse = Omit<Response, 'output_text'> & { readonly store: false };

interface Head {
  readonly id: string;
  readonly model: string;
  readonly created: number;
}

/** A response whose answer has not ended. */
export const inProgress = ({ id, model, created }: Head, request: CompletionRequest): WireResponse => ({
  id: `resp_${bareId(id)}`,
  object: 'response',
  created_at: created,
  status: 'in_progress',
  error: null,
  incomplete_details: null,
  model,
  output: [],
  ...(request.echo as unknown as Echo),
});

/** The response at its end. */
export function ended(
  response: WireResponse,
  stop: Stop,
  output: ResponseOutputItem[],
  tokens: TokenCounts,
): WireResponse {
  const reason = cutBy(stop);
  return {
    ...response,
    status: endStatus(stop),
    incomplete_details: reason === undefined ? null : { reason },
    output,
    usage: toResponseUsage(tokens),
  };
}

/** The JSON text of a response. No provider speaks this dialect, so that none is passed on as it came. */
export function toResponse(completion: Completion, request: CompletionRequest): string {
  const { id, tokens, native } = completion;
  const [{ content, stop }] = completion.choices;
  const output = toOutput(bareId(id), content, stop, wantsLogprobs(request) ? logprobsIn(native) : []);
  return JSON.stringify(ended(inProgress(completion, request), stop, output, tokens));
}
