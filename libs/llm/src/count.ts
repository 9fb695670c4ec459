/** What a provider says it counted, as the whole number that it should be: records of usage take nothing else. */
export const wholeCount = (count: number): number => Math.min(Math.max(0, Math.round(count)), Number.MAX_SAFE_INTEGER);
