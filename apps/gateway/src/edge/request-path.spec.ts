import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { normalisePath } from './request-path.js';

describe('a request path', () => {
  it.each(['/', '/v1/models', '/v1/models/', '/v1/models/gpt-5.2', '/.well-known/jwks.json', '/v1/a..b/c.'])(
    'of ordinary form stays as it is: %s',
    (path) => {
      expect(normalisePath(path)).toBe(path);
    },
  );

  it.each([
    ['/v1/models/../../internal/auth/exchange', '/internal/auth/exchange'],
    ['/v1/models/%2e%2e/%2E./internal', '/internal'],
    ['/v1/models/.%2e/..//internal', '/internal'],
    ['/v1/models/./x/.', '/v1/models/x/'],
    ['/v1/models/x/..', '/v1/models/'],
    ['/../../..', '/'],
    ['//internal', '/internal'],
    ['/v1/%6Dodels', '/v1/models'],
    ['/%69nternal', '/internal'],
    ['http://elsewhere.example/internal', '/internal'],
    ['HTTPS://elsewhere.example', '/'],
  ])('%s means %s', (sent, meant) => {
    expect(normalisePath(sent)).toBe(meant);
  });

  it.each([
    ['/v1/models/..%2f..%2finternal', '/v1/models/..%2F..%2Finternal'],
    ['/v1/models/%252e%252e/x', '/v1/models/%252e%252e/x'],
    ['/v1/models/%c0%ae%c0%ae/x', '/v1/models/%C0%AE%C0%AE/x'],
    ['/v1/models/x%0Ay%5c', '/v1/models/x%0Ay%5C'],
  ])('escapes what has a meaning of its own stay escaped: %s', (sent, meant) => {
    expect(normalisePath(sent)).toBe(meant);
  });

  it.each(['*', 'example.com:443', 'ftp://elsewhere.example/x', '/v1/%', '/v1/models/%%32e%%32e/internal', '/v1/%00'])(
    '%s is none',
    (target) => {
      expect(normalisePath(target)).toBeUndefined();
    },
  );

  it('once normalised holds no dot segment, no double slash, and does not change again', () => {
    const piece = fc.constantFrom('/', '.', '..', '%2e', '%2E', '%2f', '%25', '2e', 'internal', 'v1', '~', '%7e');
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const path = normalisePath(`/${pieces.join('')}`) ?? '';
        expect(path).toMatch(/^\//);
        expect(path).not.toMatch(/\/\/|\/\.\.?(\/|$)/);
        expect(normalisePath(path)).toBe(path);
      }),
    );
  });
});
