import fc from 'fast-check';

/** What requests are made of: whatever callers may write, or marks that can be looked for in what is made of them. */
export interface Words {
  readonly text: fc.Arbitrary<string>;
  readonly id: fc.Arbitrary<string>;
  readonly base64: fc.Arbitrary<string>;
  readonly url: fc.Arbitrary<string>;
  /** Of callers' own fields. */
  readonly object: fc.Arbitrary<object>;
  /** A call's arguments, as text. */
  readonly args: fc.Arbitrary<string>;
}

const text = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 });
const id = fc.stringMatching(/^[a-z]{1,8}$/);

export const anything: Words = {
  text,
  id,
  base64: fc.base64String({ maxLength: 12 }),
  url: fc.webUrl(),
  object: fc.dictionary(id, fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant(null)), { maxKeys: 3 }),
  args: text,
};

/** A word that occurs once in a request. */
export const marker = fc.uuid({ version: 4 });

export const marked: Words = {
  text: marker,
  id: marker.map((mark) => `f_${mark}`),
  base64: marker.map((mark) => Buffer.from(mark).toString('base64')),
  url: marker.map((mark) => `https://example.org/${mark}.png`),
  object: marker.map((value) => ({ value })),
  args: marker.map((value) => JSON.stringify({ value })),
};

const uuid = /[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}/g;
const encoded = /base64,([\w+/=]+)|"(?:file_data|data|redacted)":"([\w+/=]+)"|"parley\.1\.([\w-]+)"/g;

const decoded = (text: string): string =>
  text.replaceAll(encoded, (_, ...found: unknown[]) =>
    Buffer.from(String(found[0] ?? found[1] ?? found[2]), 'base64').toString(),
  );

/** The marks in a body, in alphabetical order, those in base64 among them, which a sealed thought has inside its own. */
export const marksIn = (body: unknown): string[] =>
  [...new Set(decoded(decoded(JSON.stringify(body))).match(uuid))].toSorted();

export const some = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T[]> => fc.array(value, { minLength: 1, maxLength: 4 });

export const optional = <T>(field: string, value: fc.Arbitrary<T>): fc.Arbitrary<object> =>
  fc.option(value, { nil: undefined }).map((given) => (given === undefined ? {} : { [field]: given }));

export const merged = (...parts: fc.Arbitrary<object>[]): fc.Arbitrary<object> =>
  fc.tuple(...parts).map((all) => Object.assign({}, ...all) as object);
