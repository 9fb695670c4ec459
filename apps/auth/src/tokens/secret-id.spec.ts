import { hash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { endedSecrets, secretIdOf } from './secret-id.js';

const digests = Array.from({ length: 100 }, (_, n) => hash('sha256', String(n)));

describe('the id of a secret', () => {
  it('is a UUID, the same each time, and of no other secret', () => {
    const ids = digests.map(secretIdOf);
    for (const id of ids) expect(z.uuid().safeParse(id).success).toBe(true);
    expect(new Set(ids).size).toBe(digests.length);
    expect(digests.map(secretIdOf)).toEqual(ids);
  });
});

describe('a rotation', () => {
  const [current = '', previous = ''] = digests;

  it.each([
    ['with an overlap ends the secret before the last', { current, previous }, true, [previous]],
    ['with an overlap ends none where there is but one', { current, previous: null }, true, []],
    ['without an overlap ends both', { current, previous }, false, [current, previous]],
  ])('%s', (_, stored, overlaps, ended) => {
    expect(endedSecrets(stored, overlaps)).toEqual(ended.map(secretIdOf));
  });
});
