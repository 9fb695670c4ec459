import { AppError } from '@parley/contracts';

/**
 * The tool runner of Anthropic’s client asks for a thread, which the server would hold. Refused by the code that it knows,
 * it sends the whole conversation instead.
 * @throws AppError thread.unsupported
 */
export function withoutThread(body: unknown): unknown {
  if (typeof body !== 'object' || body === null || !('thread' in body)) return body;
  const { thread, ...rest } = body;
  if (thread === null) return rest;
  throw new AppError('thread.unsupported', {
    detail: 'thread: none is kept here; send the whole conversation, or name a session in the header x-parley-session',
    fields: [{ path: 'thread', message: 'No threads are kept here' }],
  });
}
