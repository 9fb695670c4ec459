import { dereference, type OpenApi, type Schema } from './document.ts';

/** Who writes the value: what is added to a request may be demanded, what leaves a response is missed. */
type Direction = 'request' | 'response';

/** Compares the schemas of two documents; a pair that was compared before is not compared again, so recursion ends. */
export class SchemaComparison {
  readonly #before: OpenApi;
  readonly #after: OpenApi;
  #open: { before: Schema; after: Schema }[] = [];

  constructor(before: OpenApi, after: OpenApi) {
    this.#before = before;
    this.#after = after;
  }

  /** Breaking changes from one schema to the other, as sentences that begin with `place`. */
  changes(direction: Direction, place: string, old: Schema | undefined, now: Schema | undefined): string[] {
    if (old === undefined || now === undefined) return [];
    const pair = { before: dereference(old, this.#before), after: dereference(now, this.#after) };
    if (this.#open.some(({ before, after }) => before === pair.before && after === pair.after)) return [];
    this.#open.push(pair);
    try {
      return [
        ...valueChanges(place, pair.before, pair.after),
        ...requirementChanges(direction, place, pair.before, pair.after),
        ...this.#parts(direction, place, pair.before, pair.after),
      ];
    } finally {
      this.#open = this.#open.filter((other) => other !== pair);
    }
  }

  /** Fields, items and alternatives. */
  #parts(direction: Direction, place: string, before: Schema, after: Schema): string[] {
    const fields = Object.entries(before.properties ?? {}).flatMap(([name, field]) => {
      const now = after.properties?.[name];
      const at = `${place}.${name}`;
      if (now === undefined) return after.properties === undefined ? [] : [`${at} was removed`];
      return this.changes(direction, at, field, now);
    });
    const lists = (['anyOf', 'oneOf', 'allOf'] as const).flatMap((list) => {
      const alternatives = before[list] ?? [];
      const gone = alternatives.length - (after[list]?.length ?? 0);
      if (gone > 0 && !coversTypes(after, alternatives))
        return [`${place} lost ${gone.toString()} of its alternatives`];
      return alternatives.flatMap((one, index) =>
        this.changes(direction, place, one, this.#counterpart(one, index, after[list] ?? [])),
      );
    });
    return [...fields, ...lists, ...this.changes(direction, `${place}[]`, before.items, after.items)];
  }

  /** The alternative of the same tag, wherever it stands now; without tags the one at the same place. */
  #counterpart(old: Schema, index: number, alternatives: readonly Schema[]): Schema | undefined {
    const tag = tagOf(dereference(old, this.#before));
    const same = alternatives.find((one) => tag !== undefined && tagOf(dereference(one, this.#after)) === tag);
    return same ?? alternatives[index];
  }
}

/** What tells an alternative from the others, where its field `type` does. */
const tagOf = ({ properties }: Schema): string | undefined =>
  properties?.['type'] && valuesOf(properties['type']).toSorted().join();

/** Alternatives that were types alone may be written as a list of these types. */
const coversTypes = (after: Schema, alternatives: readonly Schema[]): boolean =>
  alternatives.every(({ type }) => type !== undefined && listOf(type).every((one) => listOf(after.type).includes(one)));

function valueChanges(place: string, before: Schema, after: Schema): string[] {
  const types = listOf(before.type).filter((type) => !listOf(after.type).includes(type));
  const values = valuesOf(before).filter((value) => valuesOf(after).length > 0 && !valuesOf(after).includes(value));
  return [
    ...(after.type === undefined ? [] : types.map((type) => `${place} is no longer of type ${type}`)),
    ...values.map((value) => `${place} lost its value ${value}`),
  ];
}

function requirementChanges(direction: Direction, place: string, before: Schema, after: Schema): string[] {
  const old = before.required ?? [];
  const now = after.required ?? [];
  if (direction === 'request') {
    return now.filter((name) => !old.includes(name)).map((name) => `${place}.${name} is newly required`);
  }
  const stillThere = old.filter((name) => after.properties?.[name] !== undefined);
  return stillThere.filter((name) => !now.includes(name)).map((name) => `${place}.${name} may now be absent`);
}

const listOf = (type: Schema['type']): readonly string[] => (typeof type === 'string' ? [type] : (type ?? []));

const valuesOf = (schema: Schema): string[] =>
  (schema.enum ?? ('const' in schema ? [schema.const] : [])).map((value) => JSON.stringify(value));
