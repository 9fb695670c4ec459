import type { ServerResponse } from 'node:http';
import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { AppError } from '@parley/contracts';

/** A signal that aborts when the caller leaves before the answer is complete. */
export const CallerSignal = createParamDecorator((_: unknown, context: ExecutionContext): AbortSignal => {
  const { raw } = context.switchToHttp().getResponse<{ readonly raw: ServerResponse }>();
  const gone = new AbortController();
  const leave = () => gone.abort(new AppError('request.timeout', { internal: 'the caller has gone' }));
  // The guards have waited for others by now: who left meanwhile gives no sign any more.
  if (raw.destroyed) leave();
  else raw.once('close', () => (raw.writableFinished ? undefined : leave()));
  return gone.signal;
});
