import { AppError, askedInHeader, expertQueryHeader } from '@parley/contracts';
import type { IncomingHttpHeaders } from 'node:http';
import { validate as isUuid } from 'uuid';
import { z } from 'zod';
import type { SessionReference } from '../session-turns/session-turns.js';
import type { Ask } from './answering.js';
import { hedgeHeader, sessionHeader } from './headers.js';

/** Stands in while a body is read whose model its session knows. */
const ofSession = 'of-session';

/** What the headers say about the call, which is experts' own to say: the edge lets no such header in. */
export function purposeOf(headers: IncomingHttpHeaders): Ask['purpose'] {
  const expert_query_id = idIn(headers[expertQueryHeader], expertQueryHeader);
  if (expert_query_id === undefined) return undefined;
  const [session, project] = headers[askedInHeader]?.toString().split('/') ?? [];
  const session_id = idIn(session, askedInHeader);
  const project_id = idIn(project, askedInHeader);
  return { expert_query_id, ...(session_id && { session_id }), ...(project_id && { project_id }) };
}

function idIn(value: string | readonly string[] | undefined, path: string): string | undefined {
  if (value === undefined || (typeof value === 'string' && isUuid(value))) return value;
  throw new AppError('request.invalid', { fields: [{ path, message: 'is no id' }] });
}

/** As routes of models have it. */
const hedgeAfterMs = z
  .string()
  .regex(/^\d{1,5}$/)
  .transform(Number)
  .pipe(z.int().min(1).max(60_000));

/** @throws AppError request.invalid for what is no number of milliseconds up to a minute. */
export function hedgeAfterOf(headers: IncomingHttpHeaders): Ask['hedgeAfterMs'] {
  const value = headers[hedgeHeader];
  if (value === undefined) return undefined;
  const { data, error } = hedgeAfterMs.safeParse(value);
  if (error) throw new AppError('request.invalid', { fields: [{ path: hedgeHeader, message: 'must be 1 to 60000' }] });
  return data;
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
