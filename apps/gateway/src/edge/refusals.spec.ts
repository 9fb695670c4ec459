import { describe, expect, it, jest } from '@jest/globals';
import { IncomingMessage, ServerResponse, type IncomingHttpHeaders } from 'node:http';
import { Socket } from 'node:net';
import { AppError } from '@parley/contracts';
import { problemDialect, silentLog } from '@parley/service-kit';
import { decisions, type RefusalCase } from '../../test/edge/decisions.js';
import { edgeDialects } from '../dialects/error-dialects.js';
import type { ErrorFormat } from './honoured.js';
import { Refusals } from './refusals.js';

const counted = jest.fn();
const dialects = { problem: problemDialect, ...edgeDialects };

function refuse(error: unknown, errorFormat?: ErrorFormat, headers: IncomingHttpHeaders = {}) {
  const req = Object.assign(new IncomingMessage(new Socket()), { method: 'GET', headers });
  const res = new ServerResponse(req);
  res.setHeader('x-request-id', 'req-1');
  const written: string[] = [];
  res.end = ((body: string) => (written.push(body), res)) as typeof res.end;
  new Refusals(dialects, silentLog, { counted }).answer(
    { error, requestId: 'req-1', route: { name: 'r', errorFormat } },
    req,
    res,
  );
  return {
    status: res.statusCode,
    head: res.getHeaders(),
    body: JSON.parse(written.join('')) as Record<string, unknown>,
  };
}

const lowerCased = (headers: RefusalCase['headers']) =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));

describe('a refusal', () => {
  it('is counted by route, status and code', () => {
    refuse(new AppError('credential.invalid'));
    expect(counted).toHaveBeenLastCalledWith({
      method: 'GET',
      endpoint: 'r',
      status: 401,
      errorType: 'credential.invalid',
    });
  });

  it.each(decisions.refusals)(
    'of $code reads in the format $format as Kong’s plugin writes it',
    ({ format, code, status, detail, headers, body }) => {
      const answer = refuse(new AppError(code, detail === undefined ? {} : { detail }), format);

      expect(answer).toMatchObject({ status, body });
      expect(answer.head).toMatchObject(lowerCased(headers));
    },
  );

  it.each(decisions.formats)(
    'on a route of format $configured reads as $format to a client with version $anthropic_version',
    ({ configured, anthropic_version, format }) => {
      const headers = anthropic_version === undefined ? {} : { 'anthropic-version': anthropic_version };
      const error = new AppError('request.unauthenticated');

      expect(refuse(error, configured, headers).body).toEqual(refuse(error, format).body);
    },
  );

  it('names the time to come back that the failing part gave, in whole seconds', () => {
    expect(refuse(new AppError('service.overloaded', { retryAfterMs: 2_100 })).head).toMatchObject({
      'retry-after': '3',
    });
  });

  it('shows nothing of a failure that nobody foresaw', () => {
    const { status, body } = refuse(new Error('connect ECONNREFUSED 10.0.0.7:5432'), 'problem');

    expect(status).toBe(500);
    expect(body).toEqual({
      type: 'urn:parley:error:service.internal',
      title: 'The service failed',
      status: 500,
      code: 'service.internal',
      request_id: 'req-1',
    });
  });

  it('breaks off an answer that has begun', () => {
    const req = new IncomingMessage(new Socket());
    const res = new ServerResponse(req);
    res.writeHead(200).write('half');

    new Refusals(dialects, silentLog, { counted }).answer(
      { error: new Error('gone'), requestId: 'req-1', route: undefined },
      req,
      res,
    );

    expect(res.destroyed).toBe(true);
  });
});
