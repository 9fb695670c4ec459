type Fields = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** What a name of the canonical conversation is called in bodies, where they call it otherwise. */
const inBodies: Readonly<Record<string, readonly string[]>> = {
  'content.custom': ['tool_calls.custom'],
  function_call: ['function_call', 'functions'],
  reasoning: ['thinking', 'redacted_thinking', 'reasoning_content', 'reasoning_details'],
};

const within = (path: string, kind: unknown): string => (typeof kind === 'string' ? `${path}.${kind}` : path);
/** Where something stands: the fields that lead to it, and the type of each object on the way, its own included. */
const placeOf = (path: string, value: unknown): string => within(path, isObject(value) ? value['type'] : undefined);

/** A message is gone when all of its content is. */
const isSpent = (value: unknown): boolean =>
  isObject(value) && Array.isArray(value['content']) && value['content'].length === 0;

/** A body without what a name stands for, as in `tools.custom`, `messages.function`, `messages.name` or `context`. */
export function without(body: unknown, name: string): unknown {
  const ends = (inBodies[name] ?? [name]).map((one) => `.${one}`);
  const isNamed = (path: string) => ends.some((end) => path.endsWith(end));
  const isItemNamed = (path: string, item: unknown) =>
    isNamed(placeOf(path, item)) || (isObject(item) && isNamed(within(path, item['role'])));
  const rest = (value: unknown, path: string): unknown => {
    if (Array.isArray(value)) {
      return value
        .filter((item) => !isItemNamed(path, item))
        .map((item) => rest(item, placeOf(path, item)))
        .filter((item) => !isSpent(item));
    }
    if (!isObject(value)) return value;
    const fields = Object.entries(value).map(([field, inner]) => [field, inner, `${path}.${field}`] as const);
    return Object.fromEntries(
      fields
        .filter(([, inner, at]) => !isNamed(at) && !isNamed(placeOf(at, inner)))
        .map(([field, inner, at]) => [field, rest(inner, placeOf(at, inner))]),
    );
  };
  return rest(body, '');
}
