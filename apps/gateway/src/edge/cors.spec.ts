import { describe, expect, it } from '@jest/globals';
import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import { Cors } from './cors.js';

const config = { origins: ['*'], methods: ['GET', 'POST'], exposed_headers: ['X-Request-Id'], max_age: 600 };

function ask(method: string, headers: Record<string, string>, origins = config.origins) {
  const req = new IncomingMessage(new Socket());
  Object.assign(req, { method, headers });
  const res = new ServerResponse(req);
  const answered = new Cors({ ...config, origins }).answers(req, res);
  return { answered, headers: res.getHeaders(), status: res.statusCode };
}

const page = 'https://app.example';

describe('cors', () => {
  it('answers a preflight itself, with the headers that the page asked for', () => {
    const { answered, status, headers } = ask('OPTIONS', {
      origin: page,
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'authorization,content-type',
    });

    expect(answered).toBe(true);
    expect(status).toBe(200);
    expect(headers).toMatchObject({
      'access-control-allow-origin': '*',
      'access-control-allow-methods': 'GET,POST',
      'access-control-allow-headers': 'authorization,content-type',
      'access-control-max-age': 600,
    });
  });

  it('lets a page read the answer to any other request', () => {
    const { answered, headers } = ask('POST', { origin: page });

    expect(answered).toBe(false);
    expect(headers).toEqual({
      'access-control-allow-origin': '*',
      'access-control-expose-headers': 'X-Request-Id',
    });
  });

  it('passes an OPTIONS request that is no preflight on to the service', () => {
    expect(ask('OPTIONS', { origin: page }).answered).toBe(false);
  });

  it('adds nothing to a request that comes from no page', () => {
    expect(ask('GET', {}).headers).toEqual({});
  });

  it('tells only the listed origins that they may, and caches that the answer differs by origin', () => {
    expect(ask('GET', { origin: page }, [page]).headers).toMatchObject({
      'access-control-allow-origin': page,
      vary: 'Origin',
    });
    const stranger = ask('GET', { origin: 'https://elsewhere.example' }, [page]).headers;
    expect(stranger).not.toHaveProperty('access-control-allow-origin');
    expect(stranger).toHaveProperty('vary', 'Origin');
  });
});
