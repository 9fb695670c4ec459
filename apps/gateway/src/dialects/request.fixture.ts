import type { AppError } from '@parley/contracts';
import type { Dialect } from './dialect.js';

/** An interface as a plain object type: only those have the index signatures that a record in a schema wants. */
export type Plain<T> = T extends string
  ? T
  : T extends readonly (infer Item)[]
    ? Plain<Item>[]
    : T extends object
      ? { [Field in keyof T]: Plain<T[Field]> }
      : T;

/** The error with which a body is refused. */
export function refusalIn(read: () => unknown): AppError {
  try {
    read();
  } catch (error) {
    return error as AppError;
  }
  throw new Error('it was accepted');
}

/** The error with which a dialect refuses a body. */
export const refusalOf = (dialect: Dialect, body: unknown): AppError => refusalIn(() => dialect.read(body, {}));
