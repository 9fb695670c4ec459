import { expect, it } from '@jest/globals';
import { stripVTControlCharacters } from 'node:util';
import { logLine } from './log-line.ts';

const plain = (part: string, entry: object) => stripVTControlCharacters(logLine(part, JSON.stringify(entry)));
const time = new Date(2026, 0, 1, 12, 30, 5).toISOString();
const request = { level: 'info', time, msg: 'request', method: 'POST', endpoint: '/v1/messages', duration_ms: 12.4 };

it('shows a request as one line a person can read', () => {
  expect(plain('gateway', { ...request, status: 200 })).toBe('12:30:05 gateway       POST /v1/messages 200 12 ms');
});

it('shows why a request failed', () => {
  const failed = { ...request, level: 'warn', status: 503, error: 'service.unavailable', because: 'no connection' };

  expect(plain('gateway', failed)).toBe(
    '12:30:05 gateway       warn POST /v1/messages 503 12 ms service.unavailable no connection',
  );
});

it('shows how bad it is and the reason of a failure', () => {
  const entry = { level: 'error', time, msg: 'relay stopped', err: { message: 'connection lost' } };

  expect(plain('auth', entry)).toBe('12:30:05 auth          error relay stopped connection lost');
});

it.each(['started', '{ half', ''])('shows a line that is not JSON as it is: %j', (line) => {
  expect(stripVTControlCharacters(logLine('redis', line))).toBe(`redis         ${line}`);
});
