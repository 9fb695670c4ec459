import { createHash } from 'node:crypto';

/** What Anthropic takes as the id of a call; other providers’ may have dots and colons (`functions.weather:0`). */
const valid = /^[\w-]+$/;

/** The id of a call, or of the call of a result, as Anthropic takes it: the same for both, and another for another. */
export function toToolId(id: string): string {
  if (valid.test(id)) return id;
  const digest = createHash('sha256').update(id).digest('hex').slice(0, 12);
  return `${id.replaceAll(/[^\w-]/g, '_')}_${digest}`;
}
