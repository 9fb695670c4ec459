const isEmpty = (value: unknown): boolean =>
  value === null || value === undefined || (typeof value === 'object' && Object.keys(value).length === 0);

/** Fields whose emptiness means the same as their absence. */
const optionalWhenEmpty = new Set(['metadata', 'output_config', 'cache_control']);

/** What a bare string is short for: one block of text, or a list of one. */
const longForms: Readonly<Record<string, (text: string) => unknown>> = {
  content: (text) => [{ type: 'text', text }],
  system: (text) => [{ type: 'text', text }],
  stop: (text) => [text],
};

const isDefault = (name: string, value: unknown): boolean =>
  value === null || (name === 'stream' && value === false) || (optionalWhenEmpty.has(name) && isEmpty(value));

function field(name: string, value: unknown): [string, unknown][] {
  if (isDefault(name, value)) return [];
  return [[name, typeof value === 'string' ? (longForms[name]?.(value) ?? value) : sameMeaning(value)]];
}

/** A request of either vendor without the differences that its documents say mean nothing. */
export function sameMeaning(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sameMeaning);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).flatMap(([name, inner]) => field(name, inner)));
}
