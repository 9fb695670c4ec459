import { reasoningBlock, type ReasoningBlock } from '@parley/contracts';

/** Tells our own from what OpenAI encrypted; the number is the form’s. */
const prefix = 'parley.1.';

const sealed = reasoningBlock.omit({ type: true });

/**
 * A thought as `encrypted_content`: all of it, so that it comes back as its provider wants it whatever the caller does
 * with the text beside it. It is encoded, not encrypted: the caller has the text anyway, and the provider’s signature is
 * what proves it. Undefined for a thought that no provider could take back.
 */
export function seal({ text, signature, redacted }: ReasoningBlock): string | undefined {
  if (signature === undefined && redacted === undefined) return undefined;
  return prefix + Buffer.from(JSON.stringify({ text, signature, redacted })).toString('base64url');
}

/** Undefined for what is not of our making. */
export function unseal(content: string): ReasoningBlock | undefined {
  if (!content.startsWith(prefix)) return undefined;
  try {
    const json = Buffer.from(content.slice(prefix.length), 'base64url').toString();
    return { type: 'reasoning', ...sealed.parse(JSON.parse(json)) };
  } catch {
    return undefined;
  }
}
