import { AppError, expertQueryHeader } from '@parley/contracts';
import type { IncomingHttpHeaders } from 'node:http';
import { validate as isUuid } from 'uuid';
import type { SessionReference } from '../session-turns/session-turns.js';
import type { Ask } from './answering.js';

/** Names the session that a completion goes on with; it then carries the new messages alone. */
const sessionHeader = 'x-parley-session';

/** Stands in while a body is read whose model its session knows. */
const ofSession = 'of-session';

/** What the headers say about the call, which is experts' own to say: the edge lets no such header in. */
export function purposeOf(headers: IncomingHttpHeaders): Ask['purpose'] {
  const id = headers[expertQueryHeader];
  if (id === undefined) return undefined;
  if (!isUuid(id))
    throw new AppError('request.invalid', { fields: [{ path: expertQueryHeader, message: 'is no id' }] });
  return { expert_query_id: id as string };
}

/** The session that the headers name, and the body with a model in it, so that it can be read as any other. */
export function inSession(
  headers: IncomingHttpHeaders,
  body: unknown,
): { readonly session?: SessionReference; readonly body: unknown } {
  const id = headers[sessionHeader];
  if (typeof id !== 'string') return { body };
  const unnamed = typeof body === 'object' && body !== null && !('model' in body);
  return { session: { id, namesModel: !unnamed }, body: unnamed ? { ...body, model: ofSession } : body };
}
