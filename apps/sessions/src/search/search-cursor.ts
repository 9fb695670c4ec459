import { createHash } from 'node:crypto';
import { AppError, decodeCursor, encodeCursor, type SessionSearchQuery } from '@parley/contracts';
import { z } from 'zod';
import type { Match } from './matches.repository.js';
import type { Bound } from './time-window.js';

/** Where a page goes on: in a stretch whose ends are known, behind a match; or in the stretch that is older. */
export interface SearchPlace {
  readonly until: Bound;
  /** The older end of the stretch, undefined where nothing is older. Of a new stretch, as `behind`, not known yet. */
  readonly end?: Bound | undefined;
  readonly behind?: Match | undefined;
}

const at = z.int().min(-1);
const bound = z.tuple([at, z.uuid()]);
const place = z.tuple([z.string(), bound, bound.nullable(), z.tuple([at, z.uuid(), z.number().min(0)]).nullable()]);

/** A cursor is good for its own search. */
const digestOf = ({ q, project_id, role, created_after, created_before }: SessionSearchQuery): string =>
  createHash('sha256')
    .update(JSON.stringify([q, project_id, role, created_after, created_before]))
    .digest('base64url')
    .slice(0, 12);

export const encodePlace = (query: SessionSearchQuery, { until, end, behind }: SearchPlace): string =>
  encodeCursor([
    digestOf(query),
    [until.at, until.id],
    end ? [end.at, end.id] : null,
    behind ? [behind.at, behind.id, behind.rank] : null,
  ]);

/** @throws AppError cursor.invalid. */
export function decodePlace(query: SessionSearchQuery, cursor: string): SearchPlace {
  const [digest, until, end, behind] = decodeCursor(place, cursor);
  if (digest !== digestOf(query)) throw new AppError('cursor.invalid');
  return {
    until: { at: until[0], id: until[1] },
    end: end ? { at: end[0], id: end[1] } : undefined,
    behind: behind ? { at: behind[0], id: behind[1], rank: behind[2] } : undefined,
  };
}
