import { EventEmitter } from 'node:events';
import type { ServerResponse } from 'node:http';
import { describe, expect, it } from '@jest/globals';
import { callerSignal } from './caller-signal.js';

/** As much of a response as is looked at. */
const newResponse = (state: { destroyed?: boolean; writableFinished?: boolean } = {}) =>
  Object.assign(new EventEmitter(), { destroyed: false, writableFinished: false, ...state }) as EventEmitter &
    ServerResponse;

describe('the signal of a caller', () => {
  it('aborts when the caller leaves before its answer is complete', () => {
    const response = newResponse();
    const signal = callerSignal(response);
    expect(signal.aborted).toBe(false);
    response.emit('close');
    expect(signal.reason).toMatchObject({ code: 'request.timeout' });
  });

  it('is aborted when the caller had left before anybody listened', () => {
    expect(callerSignal(newResponse({ destroyed: true })).aborted).toBe(true);
  });

  it('does not abort when the whole answer was sent', () => {
    const response = newResponse({ writableFinished: true });
    const signal = callerSignal(response);
    response.emit('close');
    expect(signal.aborted).toBe(false);
  });
});
