import { describe, expect, it } from '@jest/globals';
import { routePath } from './route-path.js';

describe('routePath', () => {
  it('fills in parameters so that none can leave its segment', () => {
    expect(routePath('/v1/:a/x/:b_c', { a: '../../internal', b_c: 'ä?#' })).toBe(
      '/v1/..%2F..%2Finternal/x/%C3%A4%3F%23',
    );
  });

  it('appends a query without what is undefined', () => {
    expect(routePath('/v1/x', {}, { page: 1, q: 'a&b', all: true, none: undefined })).toBe(
      '/v1/x?page=1&q=a%26b&all=true',
    );
    expect(routePath('/v1/x', {}, { none: undefined })).toBe('/v1/x');
  });

  it.each([{}, { id: '' }, { id: '.' }, { id: '..' }])('refuses to make another route of it: %j', (params) => {
    expect(() => routePath('/v1/things/:id', params)).toThrow('id');
  });
});
