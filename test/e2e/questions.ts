import { Buffer } from 'node:buffer';

/**
 * A question that the offline model answers by a script (tools/offline-model), to a model that nobody else asks: the breaker
 * of a model that fails would open for others.
 */
export const scripted = (script: string, provider = 'anthropic') => ({
  model: `${provider}/offline-${crypto.randomUUID()}`,
  messages: [{ role: 'user' as const, content: `[offline: ${script}] How far is the moon?` }],
});

/** Over 1 MB in a thousand words, none of them ASCII. */
export const megabyte = `${'🦜'.repeat(255)} `.repeat(1_024).trimEnd();

/** As much as their first bytes: nothing between a client and its provider looks into them. */
export const png = Buffer.from('89504e470d0a1a0a', 'hex').toString('base64');
export const pdf = Buffer.from('%PDF-1.7').toString('base64');

/** A fetch for a client, which counts what the client sends, its retries included. */
export function countingFetch() {
  const sent = { count: 0 };
  const counted: typeof fetch = async (...args) => {
    sent.count += 1;
    try {
      return await fetch(...args);
    } catch (error) {
      // An error of Node's is no instance of Jest's Error, which the SDKs ask for.
      const { name, message } = error as Error;
      throw Object.assign(new Error(message, { cause: error }), { name });
    }
  };
  return { sent, fetch: counted };
}

/** What a call is rejected with. */
export const rejection = (asked: Promise<unknown>): Promise<unknown> =>
  asked.then(
    () => {
      throw new Error('it was answered');
    },
    (error: unknown) => error,
  );
