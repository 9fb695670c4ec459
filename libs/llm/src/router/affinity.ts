import { createHash } from 'node:crypto';
import type { CompletionRequest } from '@parley/contracts';

/** Of one text so much counts: documents begin differently, or are the same. */
const maxCharacters = 4_096;

const shortened = (_key: string, value: unknown): unknown =>
  typeof value === 'string' && value.length > maxCharacters ? value.slice(0, maxCharacters) : value;

/**
 * Names how a question begins: by the caller’s own name for that (OpenAI’s `prompt_cache_key`), else by its tools and its
 * messages up to the first of the user. All turns of a conversation begin alike, and prompt caches hold beginnings.
 */
export function beginningOf({ tools, messages, vendor }: CompletionRequest): string {
  const key = vendor?.openai?.['prompt_cache_key'];
  const first = messages.findIndex(({ role }) => role === 'user');
  const beginning = typeof key === 'string' ? { key } : { tools, messages: messages.slice(0, first + 1) };
  return createHash('sha256').update(JSON.stringify(beginning, shortened)).digest('base64');
}

/** Bytes of a hash that make the number: what a double holds exactly. */
const bytes = 6;

/**
 * How strongly a question is drawn to a target. The one of the highest score stays so when others come and go, and each has
 * the highest by its share: rendezvous hashing with weights (Schindelhauer and Schomaker, SPAA 2005; Thaler and
 * Ravishankar, 1998).
 */
export function affinityScore(beginning: string, target: string, weight: number): number {
  const hash = createHash('sha256').update(beginning).update(target).digest();
  const uniform = (hash.readUIntBE(0, bytes) + 0.5) / 2 ** (8 * bytes);
  return -weight / Math.log(uniform);
}
