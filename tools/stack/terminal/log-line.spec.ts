import { expect, it } from '@jest/globals';
import { stripVTControlCharacters } from 'node:util';
import { logLine } from './log-line.ts';

const plain = (part: string, line: string) => stripVTControlCharacters(logLine(part, line));
const time = new Date(2026, 0, 1, 12, 30, 5).getTime();

it('shows a request as one line a person can read', () => {
  const entry = {
    level: 30,
    time,
    msg: 'request completed',
    method: 'POST',
    url: '/v1/messages',
    status: 200,
    duration_ms: 12.4,
  };

  expect(plain('gateway', JSON.stringify(entry))).toBe(
    '12:30:05 gateway       request completed POST /v1/messages 200 12 ms',
  );
});

it('shows how bad it is and the reason of a failure', () => {
  const entry = { level: 50, time, msg: 'relay stopped', err: { message: 'connection lost' } };

  expect(plain('auth', JSON.stringify(entry))).toBe('12:30:05 auth          error relay stopped connection lost');
});

it.each(['started', '{ half', ''])('shows a line that is not JSON as it is: %j', (line) => {
  expect(plain('redis', line)).toBe(`redis         ${line}`);
});
