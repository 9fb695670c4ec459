/** Of longer answers the rest is not compared, which bounds the time that a comparison takes. */
const maxCharacters = 20_000;

/** Words by Unicode's rules (UAX #29), which also know where words end in scripts without spaces. */
const segmenter = new Intl.Segmenter('en', { granularity: 'word' });

function words(text: string): string[] {
  const segments = segmenter.segment(text.slice(0, maxCharacters).normalize('NFKC').toLowerCase());
  return [...segments].filter(({ isWordLike }) => isWordLike).map(({ segment }) => segment);
}

/** How often each word, and each pair of neighbours, occurs. */
function countTerms(text: string): Map<string, number> {
  const unigrams = words(text);
  const bigrams = unigrams.slice(1).map((word, index) => `${unigrams[index] ?? ''} ${word}`);
  const counts = new Map<string, number>();
  for (const term of [...unigrams, ...bigrams]) counts.set(term, (counts.get(term) ?? 0) + 1);
  return counts;
}

type Vector = ReadonlyMap<string, number>;

/**
 * TF-IDF with the smoothed weight ln((1 + n) / (1 + df)) + 1, by which a term that is in every text still counts (Salton
 * and Buckley, “Term-weighting approaches in automatic text retrieval”, 1988; smoothed as scikit-learn does it), of length 1.
 */
function vectors(texts: readonly string[]): Vector[] {
  const counts = texts.map(countTerms);
  const documents = new Map<string, number>();
  for (const terms of counts) for (const term of terms.keys()) documents.set(term, (documents.get(term) ?? 0) + 1);
  const weight = (term: string): number => Math.log((1 + texts.length) / (1 + (documents.get(term) ?? 0))) + 1;
  return counts.map((terms) => {
    const weighted = [...terms].map(([term, count]) => [term, count * weight(term)] as const);
    const length = Math.sqrt(weighted.reduce((sum, [, value]) => sum + value * value, 0));
    return new Map(weighted.map(([term, value]) => [term, value / length]));
  });
}

function cosine(a: Vector, b: Vector): number {
  let sum = 0;
  for (const [term, value] of a) sum += value * (b.get(term) ?? 0);
  return Math.min(1, sum);
}

/** How alike each two of the texts are in their words, 0 to 1; the same text is 1, also without any word. */
export function similarities(texts: readonly string[]): number[][] {
  const all = vectors(texts);
  const none: Vector = new Map();
  return texts.map((text, row) =>
    texts.map((other, column) => (text === other ? 1 : cosine(all[row] ?? none, all[column] ?? none))),
  );
}
