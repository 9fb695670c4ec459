/**
 * Metadata of a route (or controller) that limits its callers: the headers in which it tells of that, each with what it says.
 * Set by the decorator of limits.
 */
export const limitHeadersMetadata = 'parley:limit-headers';
export type LimitHeaderTexts = Readonly<Record<string, string>>;
