/** A name that cannot be used, told to whoever typed it. */
export class UsageError extends Error {}

const kebab = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;

/** Words, lower case: what every spelling of a name is made of. */
type Words = readonly string[];

export const toPascal = (words: Words): string =>
  words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('');
export const toCamel = ([first = '', ...rest]: Words): string => first + toPascal(rest);
export const toSnake = (words: Words): string => words.join('_');
export const toKebab = (words: Words): string => words.join('-');

/** @throws UsageError unless it is lower-case words with dashes between them, of at most 30 characters. */
export function parseName(what: string, name: string): Words {
  if (!kebab.test(name) || name.length > 30)
    throw new UsageError(`${what} is named in lower-case words joined by dashes, at most 30 characters: not "${name}"`);
  return name.split('-');
}

/** `invoices` → `invoice`, `queries` → `query`. @throws UsageError when it is no plural. */
export function singularOf(plural: Words): Words {
  const last = plural.at(-1) ?? '';
  if (!/[^s]s$/.test(last))
    throw new UsageError(`A feature is named by what there are many of: not "${toKebab(plural)}"`);
  return [...plural.slice(0, -1), last.endsWith('ies') ? `${last.slice(0, -3)}y` : last.slice(0, -1)];
}

export interface EventName {
  readonly service: string;
  readonly subject: Words;
  readonly verb: Words;
}

/** @throws UsageError unless it is `<service>.<subject>.<what happened>`, such as `billing.invoice.paid`. */
export function parseEventName(name: string): EventName {
  const parts = /^([a-z][a-z0-9-]*)\.([a-z][a-z_]*)\.([a-z][a-z_]*)$/.exec(name);
  if (parts === null)
    throw new UsageError(`An event is named <service>.<subject>.<what happened>, without a version: not "${name}"`);
  const [, service = '', subject = '', verb = ''] = parts;
  return { service, subject: subject.split('_'), verb: verb.split('_') };
}
