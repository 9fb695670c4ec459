import type { ExpertAnswer, ModelAnswer, TokenCounts } from '@parley/contracts';
import { readVote } from '../consensus/vote.js';
import type { Asked } from './prompt.js';

type Said = Pick<ExpertAnswer, 'status' | 'answer' | 'reasoning' | 'error_code'>;

/** What an expert's completion means for the query. */
export function readAnswer({ choices }: ModelAnswer, { options }: Asked): Said {
  const { refusal, content } = withoutNul(choices[0]?.message ?? {});
  if (refusal) return unclear(refusal);
  if (!content?.trim()) return { ...unclear(null), status: 'failed', error_code: 'provider.bad_response' };
  if (options === null) return { status: 'answered', answer: content, reasoning: null, error_code: null };
  const vote = readVote(content, options);
  if (vote === undefined) return unclear(content);
  return { status: 'answered', answer: vote, reasoning: content, error_code: null };
}

/** PostgreSQL stores any text but U+0000. */
const withoutNul = ({ content, refusal }: ModelAnswer['choices'][0]['message']) => ({
  content: content?.replaceAll('\0', ''),
  refusal: refusal?.replaceAll('\0', ''),
});

const unclear = (reasoning: string | null): Said => ({ status: 'unclear', answer: null, reasoning, error_code: null });

/** OpenAI's `prompt_tokens` includes what came from and went to the cache, its `completion_tokens` the reasoning. */
export function readTokens({ usage }: ModelAnswer): TokenCounts | null {
  if (!usage) return null;
  const cache_read = usage.prompt_tokens_details?.cached_tokens ?? 0;
  const cache_write = usage.prompt_tokens_details?.cache_write_tokens ?? 0;
  const reasoning = usage.completion_tokens_details?.reasoning_tokens ?? 0;
  return {
    input: Math.max(0, usage.prompt_tokens - cache_read - cache_write),
    output: Math.max(0, usage.completion_tokens - reasoning),
    cache_read,
    cache_write,
    reasoning,
  };
}

/** A decimal number of USD; anything else counts as no price. */
export const readCost = (header: string | string[] | undefined): string | null =>
  typeof header === 'string' && /^\d{1,12}(\.\d{1,18})?$/.test(header) ? header : null;
