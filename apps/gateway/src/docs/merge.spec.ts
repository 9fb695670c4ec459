import { describe, expect, it } from '@jest/globals';
import type { OpenAPIObject } from '@nestjs/swagger';
import { mergeDocuments } from './merge.js';

const info = { title: 'All', version: '1' };
const document = (parts: { paths?: object; schemas?: object; headers?: object; description?: string }) =>
  ({
    openapi: '3.1.0',
    info: { title: 'one', version: '1', description: parts.description },
    paths: parts.paths ?? {},
    components: { schemas: parts.schemas ?? {}, headers: parts.headers },
  }) as unknown as OpenAPIObject;
const answering = (schema: string) => ({
  get: {
    responses: { 200: { content: { 'application/json': { schema: { $ref: `#/components/schemas/${schema}` } } } } },
  },
});

describe('the merged document', () => {
  it('has every public path, grouped by service, and no internal one', () => {
    const merged = mergeDocuments(info, [
      { service: 'a', document: document({ paths: { '/v1/a': answering('A'), '/internal/a': answering('A') } }) },
      { service: 'b', document: document({ paths: { '/v1/b': answering('B') }, description: 'Bees' }) },
    ]);
    expect(Object.keys(merged.paths)).toEqual(['/v1/a', '/v1/b']);
    expect(merged.paths['/v1/b']?.get?.tags).toEqual(['b']);
    expect(merged.tags).toContainEqual({ name: 'b', description: 'Bees' });
  });

  it('shares a schema that two services define alike', () => {
    const problem = { type: 'object', title: 'Problem' };
    const merged = mergeDocuments(info, [
      { service: 'a', document: document({ schemas: { Problem: problem } }) },
      { service: 'b', document: document({ schemas: { Problem: problem } }) },
    ]);
    expect(merged.components?.schemas).toEqual({ Problem: problem });
  });

  it('has the headers of all', () => {
    const [one, other] = [{ description: 'One' }, { description: 'Other' }];
    const merged = mergeDocuments(info, [
      { service: 'a', document: document({ headers: { one } }) },
      { service: 'b', document: document({ headers: { one, other } }) },
    ]);
    expect(merged.components?.headers).toEqual({ one, other });
  });

  it('keeps both where they differ, and points each service at its own', () => {
    const merged = mergeDocuments(info, [
      { service: 'a', document: document({ paths: { '/a': answering('Row') }, schemas: { Row: { title: 'of a' } } }) },
      { service: 'b', document: document({ paths: { '/b': answering('Row') }, schemas: { Row: { title: 'of b' } } }) },
    ]);
    expect(merged.components?.schemas).toEqual({ Row: { title: 'of a' }, b_Row: { title: 'of b' } });
    expect(JSON.stringify(merged.paths['/a'])).toContain('"#/components/schemas/Row"');
    expect(JSON.stringify(merged.paths['/b'])).toContain('"#/components/schemas/b_Row"');
  });
});
