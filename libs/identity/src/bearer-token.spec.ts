import { describe, expect, it } from '@jest/globals';
import { bearerToken } from './bearer-token.js';

/** A request as Node presents it: of repeated Authorization headers it keeps the first. */
function request(...authorization: string[]) {
  const rawHeaders = ['Host', 'parley', ...authorization.flatMap((value) => ['authorization', value]), 'X-Other', 'a'];
  return { rawHeaders, headers: { ...(authorization[0] !== undefined && { authorization: authorization[0] }) } };
}
const code = (expected: string) => expect.objectContaining({ name: 'AppError', code: expected });

describe('bearerToken', () => {
  it.each(['Bearer abc.def.ghi', 'bearer abc.def.ghi', 'BEARER  abc.def.ghi'])('reads %j', (header) => {
    expect(bearerToken(request(header))).toBe('abc.def.ghi');
  });

  it('says that there is no credential where there is no header', () => {
    expect(() => bearerToken(request())).toThrow(code('request.unauthenticated'));
  });

  it.each(['', 'Bearer', 'Bearer ', 'Basic dXNlcjpwYXNz', 'abc.def.ghi', 'Bearer a b', 'Bearer a, Bearer b'])(
    'refuses %j',
    (header) => {
      expect(() => bearerToken(request(header))).toThrow(code('credential.invalid'));
    },
  );

  it('refuses two headers, also when they say the same', () => {
    expect(() => bearerToken(request('Bearer one', 'Bearer two'))).toThrow(code('credential.invalid'));
    expect(() => bearerToken(request('Bearer one', 'Bearer one'))).toThrow(code('credential.invalid'));
  });

  it('refuses two headers however they are spelled', () => {
    const { headers } = request('Bearer one');
    const rawHeaders = ['Authorization', 'Bearer one', 'AUTHORIZATION', 'Bearer two'];
    expect(() => bearerToken({ headers, rawHeaders })).toThrow(code('credential.invalid'));
  });
});
