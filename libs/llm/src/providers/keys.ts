import { readFileSync } from 'node:fs';
import { readVariable, type Environment } from '@parley/service-kit';
import type { KeyReference } from './named-provider.js';

/** Several keys in one text, between commas, spaces or lines. @throws Error that says what is wrong, and holds no key */
export function keysIn(text: string, source: string): string[] {
  const keys = text.split(/[\s,]+/).filter((key) => key !== '');
  // A header takes nothing else, and would be refused only when it is sent.
  if (keys.some((key) => !/^[\x21-\x7e]+$/.test(key)))
    throw new Error(`${source}: holds a key that no header can carry`);
  return distinct(keys, source);
}

/** Two credentials that are one would share what the provider allows it. @throws Error that names the source */
export function distinct(keys: string[], source: string): string[] {
  if (new Set(keys).size < keys.length) throw new Error(`${source}: holds the same key twice`);
  return keys;
}

/**
 * The keys that a provider's file refers to, one at least.
 * @throws Error that names the reference and what is wrong; not the path of a file, in whose place a key may stand
 */
export function keysOf({ env: variable, file }: KeyReference, reference: string, env?: Environment): string[] {
  const source = variable ?? reference;
  const keys = keysIn(
    (variable === undefined ? contentOf(file, reference) : readVariable(variable, env)) ?? '',
    source,
  );
  if (keys.length === 0) throw new Error(`${source}: ${variable === undefined ? 'holds no key' : 'is not set'}`);
  return keys;
}

function contentOf(file: string | undefined, reference: string): string {
  try {
    return readFileSync(file ?? '', 'utf8');
  } catch (error) {
    throw new Error(`${reference}: its file cannot be read (${(error as NodeJS.ErrnoException).code})`, {
      cause: error,
    });
  }
}
