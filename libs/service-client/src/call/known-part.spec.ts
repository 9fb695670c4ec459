import { describe, expect, it } from '@jest/globals';
import { AppError, defineRoute, type Route } from '@parley/contracts';
import { z } from 'zod';
import { knownPart } from './known-part.js';

const part = z.strictObject({ n: z.int(), added: z.string().optional() });
const route = defineRoute({
  service: 'auth',
  method: 'POST',
  path: '/internal/things',
  lenient: true,
  request: z.strictObject({ name: z.string(), added: z.boolean().optional(), parts: z.array(part) }),
  response: z.object({}),
});
const { lenient: _, ...strict } = route;
const body = { name: 'n', added: true, parts: [{ n: 1 }, { n: 2, added: 'x' }] };
const unknown = (...paths: string[]) => paths.map((path) => ({ path, message: 'Unknown field' }));
const refused = (fields: { path: string; message: string }[]) => new AppError('request.invalid', { fields });

describe('what an older neighbour knows of a body', () => {
  it('is the body without the fields that it has refused, at any depth', () => {
    expect(knownPart(route, body, refused(unknown('added', 'parts.1.added')))).toEqual({
      name: 'n',
      parts: [{ n: 1 }, { n: 2 }],
    });
    expect(body.added).toBe(true);
  });

  it.each(['__proto__.hasOwnProperty', 'parts.constructor.prototype.at', 'parts.__proto__.at'])(
    'is found without a change of anything but the body where %s is refused',
    (path) => {
      const methods = () => [Object.getOwnPropertyNames(Object.prototype), Object.getOwnPropertyNames(Array.prototype)];
      const before = methods();
      expect(knownPart(route, body, refused(unknown(path)))).toEqual(body);
      expect(methods()).toEqual(before);
    },
  );

  it.each<[string, Route, unknown]>([
    ['a field is refused that the contract demands', route, refused(unknown('name'))],
    ['a field is refused that was not sent', route, refused(unknown('parts.7.added.x', 'parts'))],
    ['something else is wrong too', route, refused([...unknown('added'), { path: 'name', message: 'is taken' }])],
    ['no field is named', route, new AppError('request.invalid')],
    ['the failure is another', route, new AppError('request.forbidden')],
    ['nothing was answered', route, new Error('connection lost')],
    ['the route does not allow it', { ...route, lenient: false }, refused(unknown('added'))],
    ['the route does not say that it allows it', strict, refused(unknown('added'))],
  ])('is nothing to send again where %s', (_what, to, error) => {
    expect(knownPart(to, body, error)).toBeUndefined();
  });
});
