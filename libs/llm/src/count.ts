/** No answer has a billion tokens; sums of millions of such counts still fit where they are stored. */
const maxCount = 1_000_000_000;

/** What a provider says it counted, as the whole number that it should be: records of usage take nothing else. */
export const wholeCount = (count: number): number => Math.min(Math.max(0, Math.round(count)), maxCount);
