import { expect, it } from '@jest/globals';
import { costHeader } from '@parley/contracts';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

interface Operation {
  readonly responses: Readonly<Record<string, { readonly headers?: Readonly<Record<string, unknown>> }>>;
}
const { paths } = JSON.parse(readFileSync(join(import.meta.dirname, '../../openapi.json'), 'utf8')) as {
  paths: Record<string, Record<string, Operation>>;
};
const paid = Object.entries(paths).flatMap(([path, item]) =>
  Object.values(item)
    .map(({ responses }) => ({ path, headers: Object.keys(responses['200']?.headers ?? {}) }))
    .filter(({ headers }) => headers.includes(costHeader)),
);

it.each(paid)('$path, whose answers cost, counts tokens and says so', ({ headers }) => {
  expect(headers.filter((name) => /ratelimit.*tokens/.test(name))).toHaveLength(3);
});
