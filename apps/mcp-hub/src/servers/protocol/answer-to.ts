const version = String.raw`"jsonrpc"\s*:\s*"[\d.]+"`;
const id = String.raw`"id"\s*:\s*"?(\d{1,15})"?`;
const beginning = String.raw`^\s*\{\s*(?:${version}\s*,\s*)?(?:${id}\s*,\s*)?(?:${version}\s*,\s*)?`;

const answerBegins = new RegExp(String.raw`${beginning}"(?:result|error)"\s*:`);
const ownMessageBegins = new RegExp(String.raw`${beginning}"(?:method|params)"\s*:`);
const answerEnds = new RegExp(String.raw`,\s*${id}\s*(?:,\s*${version}\s*)?\}\s*$`);

/**
 * The id of the call that a line answers, by the line's ends alone; undefined when they are not those of an answer.
 * An answer has three members (JSON-RPC 2.0 §5), one of them large: the id is before it or behind it, and nothing that
 * is nested, or within a string, can stand at either place.
 */
export function answerTo(head: string, tail: string): number | undefined {
  const begins = answerBegins.exec(head);
  if (!begins) return undefined;
  const found = begins[1] ?? answerEnds.exec(tail)?.[1];
  return found === undefined ? undefined : Number(found);
}

/** True for the head of a request or notification of the server's own. */
export const isOwnMessage = (head: string): boolean => ownMessageBegins.test(head);
