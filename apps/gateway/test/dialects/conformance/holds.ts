import { sameMeaning } from '../same-meaning.ts';

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;

function within(part: unknown, whole: unknown): boolean {
  if (Array.isArray(part)) {
    return Array.isArray(whole) && part.length === whole.length && part.every((one, n) => within(one, whole[n]));
  }
  if (!isObject(part)) return part === whole;
  return isObject(whole) && Object.entries(part).every(([name, value]) => within(value, whole[name]));
}

/** Whether a body says all that a form says, and no list in it says more. */
export const holds = (body: unknown, form: unknown): boolean => within(sameMeaning(form), sameMeaning(body));
