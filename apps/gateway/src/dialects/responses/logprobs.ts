import type { CompletionRequest, Native } from '@parley/contracts';
import type { ResponseOutputText } from 'openai/resources/responses/responses';

export type Logprob = ResponseOutputText.Logprob;

interface WireToken {
  readonly token: string;
  readonly logprob: number;
  readonly bytes?: number[] | null;
  readonly top_logprobs?: readonly WireToken[] | null;
}

interface WireText {
  readonly choices?: readonly { readonly logprobs?: { readonly content?: readonly WireToken[] | null } | null }[];
}

export const wantsLogprobs = ({ vendor }: CompletionRequest): boolean => vendor?.openai?.['logprobs'] === true;

const toToken = ({ token, logprob, bytes }: WireToken) => ({ token, logprob, bytes: bytes ?? [] });

/**
 * The probabilities in a chat completion or a chunk of one. Only servers of that format tell them, so that they have no place
 * in the canonical conversation and are read from the provider’s own text, where they are asked for.
 */
export function logprobsIn(native: Native | undefined): Logprob[] {
  if (native?.vendor !== 'openai' || native.text === '') return [];
  const { choices } = JSON.parse(native.text) as WireText;
  const tokens = choices?.[0]?.logprobs?.content ?? [];
  return tokens.map((token) => ({ ...toToken(token), top_logprobs: (token.top_logprobs ?? []).map(toToken) }));
}
