import { describe, expect, it } from '@jest/globals';
import type { AppError } from '@parley/contracts';
import { anthropicErrorBody } from '@parley/dialects';
import { withoutThread } from './threads.js';

const refusalOf = (body: unknown): unknown => {
  try {
    withoutThread(body);
  } catch (error) {
    return error;
  }
  throw new Error('it was not refused');
};

describe('a thread', () => {
  it.each([{ type: 'create' }, { type: 'continue', previous_message_id: 'msg_1' }])(
    'is refused by the code that Anthropic’s client goes on without one after: %j',
    (thread) => {
      const error = refusalOf({ model: 'm', thread });
      expect(error).toMatchObject({ code: 'thread.unsupported', status: 400 });
      const { details } = anthropicErrorBody(error as AppError, 'req').error;
      expect(details).toEqual({ error_code: 'thread_unsupported_request' });
    },
  );

  it('of null is none, and a body without one stays as it is', () => {
    expect(withoutThread({ model: 'm', thread: null })).toEqual({ model: 'm' });
    const body = { model: 'm' };
    expect(withoutThread(body)).toBe(body);
    expect(withoutThread('no body')).toBe('no body');
  });
});
