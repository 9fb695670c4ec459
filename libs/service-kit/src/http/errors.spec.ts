import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { InjectOptions } from 'fastify';
import { preparedThings } from '../../test/things/service.js';

let things: Awaited<ReturnType<typeof preparedThings>>;
beforeAll(async () => {
  things = await preparedThings();
});
afterAll(() => things.close());

const json = { 'content-type': 'application/json' };
const form = { 'content-type': 'application/x-www-form-urlencoded' };
const ask = async (options: InjectOptions) => {
  const response = await things.fastify.inject(options);
  return { status: response.statusCode, headers: response.headers, text: response.body };
};
const problem = async (options: InjectOptions) => {
  const { status, headers, text } = await ask(options);
  expect(headers['content-type']).toMatch(/^application\/problem\+json/);
  return { ...(JSON.parse(text) as Record<string, unknown>), status, headers };
};
const post = (payload: string | object, url = '/things') => ({ method: 'POST' as const, url, payload, headers: json });

describe('a body', () => {
  it('that does not fit is a 400 which names each field, unknown ones among them', async () => {
    const answer = await problem(
      post({ name: 7, size: { unit: 'mile', length: 1, hight: 2 }, tags: ['a', 1], extra: 1 }),
    );
    expect(answer).toMatchObject({ status: 400, code: 'request.invalid', detail: 'The body does not fit its schema' });
    expect(answer).toMatchObject({
      errors: [
        { path: 'name', message: expect.stringContaining('expected string') },
        { path: 'size.unit', message: expect.stringContaining('"m"|"km"') },
        { path: 'size.hight', message: 'Unknown field' },
        { path: 'tags.1', message: expect.stringContaining('expected string') },
        { path: 'extra', message: 'Unknown field' },
      ],
    });
  });

  it.each([
    ['breaks off', '{"name":', 'The JSON ends too early'],
    ['is wrong in the middle', '{"name":1,}', 'The JSON is not valid at position 10 (line 1 column 11)'],
    ['would reach a prototype', '{"name":"a","__proto__":{"x":1}}', 'A key of the body is not allowed'],
    ['is too deep', `${'['.repeat(502)}${']'.repeat(502)}`, 'The JSON is nested more than 500 levels deep'],
    ['would reach a constructor', '{"constructor":{"prototype":{"x":1}}}', 'A key of the body is not allowed'],
  ])('that %s is a 400 which says where', async (_, payload, detail) => {
    expect(await problem(post(payload))).toMatchObject({ status: 400, code: 'request.malformed', detail });
  });

  it.each([{}, json])('may be empty only where the route wants none (%j)', async (headers) => {
    const nothing = { method: 'POST' as const, headers };
    expect((await ask({ ...nothing, url: '/things/poke' })).status).toBe(204);
    expect(await problem({ ...nothing, url: '/things' })).toMatchObject({ status: 400, code: 'request.invalid' });
  });

  it('of another type than JSON is a 415', async () => {
    const xml = { method: 'POST' as const, url: '/things', payload: '<a/>', headers: { 'content-type': 'text/xml' } };
    expect(await problem(xml)).toMatchObject({ status: 415, code: 'request.unsupported_media_type' });
  });

  it('that is a form is read where the route takes one: each parameter once, none without a value', async () => {
    const post = (payload: string) => ({ method: 'POST' as const, url: '/things/form', payload, headers: form });
    expect((await ask(post('a=1+2&b=%C3%A4&c=&__proto__=x'))).text).toBe('{"a":"1 2","b":"ä","__proto__":"x"}');
    expect((await ask(post(''))).text).toBe('{}');
    expect(await problem(post('a=1&b=2&a='))).toMatchObject({
      code: 'request.malformed',
      detail: 'The parameter a is there twice',
    });
  });

  it('is a 415 where it is a form and the route takes JSON, or the reverse', async () => {
    const wrong = { status: 415, code: 'request.unsupported_media_type' };
    const posted = { method: 'POST' as const, url: '/things', payload: 'name=a', headers: form };
    expect(await problem(posted)).toMatchObject({ ...wrong, detail: 'Bodies are application/json' });
    const detail = 'Bodies are application/x-www-form-urlencoded';
    expect(await problem(post({ name: 'a' }, '/things/form'))).toMatchObject({ ...wrong, detail });
  });

  it('over the limit of its route is a 413, and one byte less is not', async () => {
    expect((await ask(post('"34567890123456"', '/things/small'))).status).toBe(200);
    expect(await problem(post('"345678901234567"', '/things/small'))).toMatchObject({
      status: 413,
      code: 'request.too_large',
    });
  });

  it('is limited to 1 MiB where the route says nothing', async () => {
    const padded = (bytes: number) => `{"name":"a"${' '.repeat(bytes - 12)}}`;
    expect((await ask(post(padded(1024 * 1024)))).status).toBe(201);
    expect((await ask(post(padded(1024 * 1024 + 1)))).status).toBe(413);
  });
});

describe('a path', () => {
  it('that nobody serves is a 404', async () => {
    expect(await problem({ url: '/nothing' })).toMatchObject({ status: 404, code: 'request.not_found' });
  });

  it('that takes other methods is a 405 which names them', async () => {
    const answer = await problem({ method: 'DELETE', url: '/things?x=1' });
    expect(answer).toMatchObject({
      status: 405,
      code: 'request.method_not_allowed',
      headers: { allow: 'GET, HEAD, POST' },
    });
    expect((await problem({ method: 'POST', url: '/things/1' })).headers).toMatchObject({ allow: 'GET, HEAD' });
  });

  it('whose parameter does not fit is a 400 which names it', async () => {
    expect(await problem({ url: '/things/7' })).toMatchObject({ status: 400, errors: [{ path: 'id' }] });
  });

  it('that cannot be decoded is a 400', async () => {
    expect(await problem({ url: '/things/%zz' })).toMatchObject({ status: 400, detail: 'The URL is not valid' });
  });
});

describe('a query', () => {
  it('that does not fit is a 400 which names each parameter', async () => {
    const answer = await problem({ url: '/things?limit=1000&page=2' });
    expect(answer).toMatchObject({
      status: 400,
      errors: [{ path: 'limit' }, { path: 'page', message: 'Unknown field' }],
    });
  });

  it('is parsed by its schema', async () => {
    expect((await ask({ url: '/things?limit=20' })).text).toBe('{"limit":20}');
    expect((await ask({ url: '/things' })).text).toBe('{"limit":10}');
  });
});

describe('a failure', () => {
  const fail = (kind: string) => problem({ url: `/things/failures/${kind}` });

  it('that nobody foresaw is a 500 without a word of its text', async () => {
    const { text } = await ask({ url: '/things/failures/unforeseen' });
    expect(await fail('unforeseen')).toMatchObject({ status: 500, code: 'service.internal' });
    expect(text).not.toContain('hunter2');
  });

  it('tells its public text and keeps its internal one', async () => {
    const answer = await fail('unavailable');
    expect(answer).toMatchObject({ status: 503, code: 'service.unavailable', detail: 'Soon' });
    expect(JSON.stringify(answer)).not.toContain('db-1');
  });

  it('says when to come back, in whole seconds', async () => {
    expect((await fail('unavailable')).headers).toMatchObject({ 'retry-after': '3' });
    expect((await fail('open')).headers).toMatchObject({ 'retry-after': '5' });
    expect((await fail('limited')).headers).toMatchObject({ 'retry-after': '1' });
    expect((await fail('unforeseen')).headers).not.toHaveProperty('retry-after');
  });

  it('tells the vendors’ SDKs not to try again what will fail again', async () => {
    expect((await fail('unforeseen')).headers).toMatchObject({ 'x-should-retry': 'false' });
    expect((await fail('unavailable')).headers).not.toHaveProperty('x-should-retry');
  });

  it.each([
    ['full', 503, 'service.overloaded'],
    ['open', 503, 'service.overloaded'],
    ['late', 504, 'service.timeout'],
  ])('of a policy (%s) is a %d', async (kind, status, code) => {
    expect(await fail(kind)).toMatchObject({ status, code });
  });

  it('names a scheme where a credential is missing', async () => {
    expect((await fail('unauthenticated')).headers).toMatchObject({ 'www-authenticate': 'Bearer' });
  });

  it('of a call that the service made is not taken for a fault of the caller', async () => {
    expect(await fail('upstream')).toMatchObject({ status: 500, code: 'service.internal' });
  });
});

describe('an error dialect', () => {
  const plain = { 'content-type': 'text/plain', 'x-request-id': 'r-1' };
  const headers = { 'x-request-id': 'r-1' };

  it.each<[string, InjectOptions, string]>([
    ['an error of its controller', { url: '/plain' }, 'model.not_found'],
    ['a body that is malformed', { ...post('{', '/plain') }, 'request.malformed'],
    ['a body that does not fit', { ...post('{}', '/plain') }, 'request.invalid'],
    ['a body that is too large', { ...post(' '.repeat(1024 * 1024 + 1), '/plain') }, 'request.too_large'],
    ['another method', { method: 'DELETE', url: '/plain' }, 'request.method_not_allowed'],
    ['another path below its prefix', { url: '/plain/nothing?x' }, 'request.not_found'],
  ])('is spoken for %s', async (_, options, code) => {
    const answer = await ask({ ...options, headers: { ...options.headers, ...headers } });
    expect(answer).toMatchObject({ headers: plain, text: `${code} r-1` });
  });

  it('is not spoken beside its prefix', async () => {
    expect(await problem({ url: '/plainer' })).toMatchObject({ code: 'request.not_found' });
  });
});

describe('an answer', () => {
  it('has no property that its schema does not name', async () => {
    expect(await ask(post({ name: 'a' }))).toMatchObject({ status: 201, text: '{"name":"a","note":null}' });
  });
});
