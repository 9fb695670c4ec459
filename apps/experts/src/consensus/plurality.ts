/** What the experts agree on, and how much. Both are null where there was nothing to compare. */
export interface Consensus {
  readonly consensus: string | null;
  /** 0 to 1. */
  readonly agreement: number | null;
}

/**
 * The option with the most votes, and its share of them. On a tie there is no consensus, and the agreement is the share
 * of one of the leaders. The order of the votes does not matter.
 */
export function plurality(votes: readonly string[]): Consensus {
  if (votes.length === 0) return { consensus: null, agreement: null };
  const counts = new Map<string, number>();
  for (const vote of votes) counts.set(vote, (counts.get(vote) ?? 0) + 1);
  const most = Math.max(...counts.values());
  const [leader = null, second] = [...counts.keys()].filter((option) => counts.get(option) === most);
  return { consensus: second === undefined ? leader : null, agreement: most / votes.length };
}
