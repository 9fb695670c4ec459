const unreserved = /%(2D|2E|5F|7E|3\d|4[1-9A-F]|5[0-9A]|6[1-9A-F]|7[0-9A])/g;
/** Anything that normalising could change; most paths have none of it and are left as they are. */
const unusual = /%|\/\/|\/\.|^[^/]/;
const absoluteForm = /^https?:\/\/[^/]*/i;
/** A `%` that escapes nothing could become an escape by decoding what follows it. */
const malformed = /%(?![\da-f]{2})|%00/i;

/**
 * The path as Kong matches and forwards it (kong.tools.uri, RFC 3986 §6.2.2): escaped unreserved characters are decoded,
 * other escapes upper-cased, slashes merged, then dot segments removed; `%2F` stays no slash and `%252e` no dot. What is
 * forwarded is this path, so that no service resolves to somewhere else what was matched here. Undefined for a target
 * that is no path, such as `*` or a broken escape; nginx refuses those too.
 */
export function normalisePath(target: string): string | undefined {
  if (!unusual.test(target)) return target;
  const path = target.replace(absoluteForm, '') || '/';
  if (!path.startsWith('/') || malformed.test(path)) return undefined;
  const decoded = path
    .replace(/%[\da-f]{2}/gi, (escape) => escape.toUpperCase())
    .replace(unreserved, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return removeDotSegments(decoded.replace(/\/{2,}/g, '/'));
}

/** RFC 3986 §5.2.4, of a path that starts with one slash and has no empty segment but perhaps the last. */
function removeDotSegments(path: string): string {
  const kept: string[] = [];
  const segments = path.slice(1).split('/');
  for (const segment of segments) {
    if (segment === '..') kept.pop();
    else if (segment !== '.') kept.push(segment);
  }
  if (/^\.\.?$/.test(segments.at(-1) ?? '')) kept.push('');
  return `/${kept.join('/')}`;
}
