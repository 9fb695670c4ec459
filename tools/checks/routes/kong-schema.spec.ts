import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { kongFile } from './kong-schema.ts';

const text = readFileSync(join(import.meta.dirname, '../../../kong/kong.yml'), 'utf8');

describe('kong.yml', () => {
  it('has the form that Kong 3.9 wants', () => {
    expect(kongFile.safeParse(parse(text)).error?.issues).toBeUndefined();
  });

  it.each([
    ['an unquoted version', "'3.0'", '3.0'],
    ['an unknown field of a route', 'strip_path: false', 'strip_prefix: false'],
    ['an unknown plugin', 'name: cors', 'name: kors'],
    ['an unknown field of a plugin', 'max_age: 3600', 'maxage: 3600'],
    ['a method that is none', 'methods: [GET', 'methods: [FETCH'],
    ['a look-ahead', '~/v1/messages(/.*)?$', '~/v1/messages(?=/x)'],
    ['a path without a slash', '~/v1/messages(/.*)?$', '~v1/messages'],
    ['a name with a space', 'name: messages', 'name: the messages'],
    ['a timeout of nothing', 'connect_timeout: 2000', 'connect_timeout: 0'],
    ['an error format of nobody', 'error_format: openai', 'error_format: xml'],
  ])('would be refused with %s', (_, from, to) => {
    const changed = text.replace(from, to);
    expect(changed).not.toBe(text);
    expect(kongFile.safeParse(parse(changed)).success).toBe(false);
  });
});
