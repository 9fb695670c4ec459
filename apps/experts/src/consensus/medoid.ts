import type { Consensus } from './plurality.js';
import { similarities } from './similarity.js';

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

/**
 * The medoid (Kaufman and Rousseeuw, 1987): the answer that is most like all others, and how much it is like them on
 * average; 1 for a single answer. Of several that are equally central the first one counts.
 */
export function mostCentral(answers: readonly string[]): Consensus {
  const [first] = answers;
  if (first === undefined) return { consensus: null, agreement: null };
  if (answers.length === 1) return { consensus: first, agreement: 1 };
  const centrality = similarities(answers).map((row, self) => mean(row.filter((_, other) => other !== self)));
  const agreement = Math.max(...centrality);
  return { consensus: answers[centrality.indexOf(agreement)] ?? null, agreement };
}
