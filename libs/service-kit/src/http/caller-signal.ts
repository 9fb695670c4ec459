import type { ServerResponse } from 'node:http';
import { AppError } from '@parley/contracts';

/** Aborts when the caller goes away before the answer is complete. */
export function callerSignal(response: ServerResponse): AbortSignal {
  const gone = new AbortController();
  const leave = () => gone.abort(new AppError('request.timeout', { internal: 'the caller has gone' }));
  // The guards have waited for others by now: who left meanwhile gives no sign any more.
  if (response.destroyed) leave();
  else response.once('close', () => (response.writableFinished ? undefined : leave()));
  return gone.signal;
}
