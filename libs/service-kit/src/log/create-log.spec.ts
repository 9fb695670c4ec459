import { describe, expect, it } from '@jest/globals';
import { runInRequest } from '../request/request-context.js';
import { createLog, silentLog } from './create-log.js';

function newLog() {
  const lines: Record<string, unknown>[] = [];
  const destination = { write: (line: string) => void lines.push(JSON.parse(line) as Record<string, unknown>) };
  return { sut: createLog({ base: { service: 'auth' }, destination }), lines };
}

describe('a log line', () => {
  it('is JSON with its level by name, an ISO time and the service', () => {
    const { sut, lines } = newLog();
    sut.info({ count: 2 }, 'counted');
    const time = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    expect(lines).toEqual([{ level: 'info', time, service: 'auth', count: 2, msg: 'counted' }]);
  });

  it('holds no secret, at the top or one level down', () => {
    const { sut, lines } = newLog();
    const secrets = { authorization: 'a', 'x-api-key': 'b', password: 'c', api_key: 'd', token: 'e' };
    sut.info({ ...secrets, headers: secrets, tokens: 5 }, 'asked');
    const redacted = Object.fromEntries(Object.keys(secrets).map((key) => [key, '[redacted]']));
    expect(lines).toEqual([expect.objectContaining({ ...redacted, headers: redacted, tokens: 5 })]);
  });

  it('has of an error its text, code, stack and causes, and none of its other properties', () => {
    const { sut, lines } = newLog();
    const cause = Object.assign(new Error('refused'), { code: 'ECONNREFUSED', config: { headers: 'hunter2' } });
    sut.error({ err: new Error('no answer', { cause }) }, 'failed');
    expect(lines[0]).toMatchObject({
      err: { type: 'Error', message: 'no answer', cause: { message: 'refused', code: 'ECONNREFUSED' } },
    });
    expect(JSON.stringify(lines)).not.toContain('hunter2');
  });

  it('carries the ids of the request at hand', () => {
    const { sut, lines } = newLog();
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    runInRequest({ requestId: 'r-1', traceparent, tenantId: 't-1', log: silentLog }, () => sut.warn('late'));
    expect(lines).toEqual([
      expect.objectContaining({ request_id: 'r-1', trace_id: '0af7651916cd43dd8448eb211c80319c', tenant_id: 't-1' }),
    ]);
  });

  it('is written or not by the level that the log has at the time', () => {
    const { sut, lines } = newLog();
    sut.debug('unheard');
    sut.level = 'debug';
    sut.debug('heard');
    expect(lines.map(({ msg }) => msg)).toEqual(['heard']);
  });
});
