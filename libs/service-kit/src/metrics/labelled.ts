/** Distinct values that one label of one metric may take; each more is counted as `other`. */
const maxLabelValues = 200;

/** A metric by its label values; each combination is made once and kept, so `with` is cheap on a hot path. */
export class Labelled<Label extends string, Child> {
  private readonly children = new Map<string, Child>();
  private readonly seen: readonly Set<string>[];

  constructor(
    private readonly labels: readonly Label[],
    private readonly create: (labels: Record<string, string>) => Child,
  ) {
    this.seen = labels.map(() => new Set());
  }

  /** The counter, gauge or histogram of these label values; without labels, `with({})`. */
  with(values: Readonly<Record<Label, string | number>>): Child {
    const key = this.key(values);
    const known = this.children.get(key);
    if (known) return known;
    const capped = this.labels.map((label, index) => this.cap(index, String(values[label])));
    const cappedKey = capped.map((value) => `${value}\u0000`).join('');
    const child =
      this.children.get(cappedKey) ??
      this.create(Object.fromEntries(this.labels.map((label, index) => [label, capped[index] ?? ''])));
    this.children.set(cappedKey, child);
    return child;
  }

  private key(values: Readonly<Record<Label, string | number>>): string {
    let key = '';
    for (const label of this.labels) key += `${values[label]}\u0000`;
    return key;
  }

  private cap(index: number, value: string): string {
    const seen = this.seen[index];
    if (!seen || seen.has(value)) return value;
    if (seen.size >= maxLabelValues) return 'other';
    seen.add(value);
    return value;
  }
}
