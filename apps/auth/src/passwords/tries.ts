import type { LockoutRule, Tries } from './lockout.js';

/** What tries are counted for, under its rule. */
export interface Counted extends LockoutRule {
  readonly key: string;
}

/** Either all were counted, or none because one of them has to wait. */
export type Taken =
  | { readonly allowed: true; readonly tries: readonly Tries[] }
  | { readonly allowed: false; readonly retryAfterMs: number };

/** Where tries are counted: in Redis for all instances, or in one process. */
export interface TriesStore {
  take(counted: readonly Counted[]): Promise<Taken>;
  takeBack(counted: Counted, made: Tries): Promise<void>;
  forget(key: string): Promise<void>;
}
