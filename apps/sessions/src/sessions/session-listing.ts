import { decodeCursor, type SessionOrder, type SessionsQuery } from '@parley/contracts';
import { z } from 'zod';
import { sessionColumns } from './sessions.repository.js';

/** A statement and what it is given. */
export interface Statement {
  readonly text: string;
  readonly params: readonly unknown[];
}

/** Answers the parameter that stands for the value. */
type Add = (value: unknown) => string;

type SortKey = 'created' | 'updated' | 'name';

const minuteOf = (parameter: string) => `date_trunc('minute', ${parameter}::timestamptz at time zone 'UTC')`;
/** To the microsecond, which a Date has not. */
const exactly = (column: string) => `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`;

const storedMoment = z.iso.datetime({ precision: 6 }).refine((text) => !text.startsWith('0000'));
const storedName = z.string().refine((text) => text.isWellFormed() && !text.includes('\0'));

interface Order {
  /** Columns before the id, and what of them a cursor carries. Ids are UUIDs of version 7, so they are the order of creation. */
  readonly columns: readonly string[];
  readonly key: string;
  readonly position: z.ZodType<string>;
  /** What lies behind a cursor in this direction. */
  readonly behind: (than: '<' | '>', key: string, id: string, add: Add) => string;
}

const orders: Readonly<Record<SortKey, Order>> = {
  created: {
    columns: [],
    key: `''`,
    position: z.literal(''),
    behind: (than, _, id, add) => `s.id ${than} ${add(id)}`,
  },
  updated: {
    columns: ['updated_minute', 'updated_at'],
    key: exactly('s.updated_at'),
    position: storedMoment,
    behind: (than, key, id, add) => {
      const at = add(key);
      return `s.updated_minute ${than}= ${minuteOf(at)} and (s.updated_at, s.id) ${than} (${at}::timestamptz, ${add(id)}::uuid)`;
    },
  },
  name: {
    columns: ['name_key'],
    key: 's.name_key',
    position: storedName,
    behind: (than, key, id, add) => `(s.name_key, s.id) ${than} (${add(key)}::text, ${add(id)}::uuid)`,
  },
};

/** Reads the page of a tenant's sessions that the query asks for, and one more. @throws AppError cursor.invalid. */
export function listing(tenantId: string, query: SessionsQuery): Statement {
  const params: unknown[] = [tenantId];
  const add: Add = (value) => `$${params.push(value)}`;
  const { columns, key, position, behind } = orders[sortKey(query.sort)];
  const [direction, than] = query.sort.startsWith('-') ? (['desc', '<'] as const) : (['asc', '>'] as const);
  const conditions = filters(query, add);
  if (query.cursor !== undefined) {
    const [, after, id] = decodeCursor(z.tuple([z.literal(query.sort), position, z.uuid()]), query.cursor);
    conditions.push(behind(than, after, id, add));
  }
  const orderBy = [...columns, 'id'].map((column) => `s.${column} ${direction}`).join(', ');
  const text = `select ${sessionColumns}, ${key} as "sortKey" from sessions s
    where ${['s.tenant_id = $1', ...conditions].join(' and ')} order by ${orderBy} limit ${add(query.limit + 1)}`;
  return { text, params };
}

const sortKey = (sort: SessionOrder): SortKey => sort.replace('-', '') as SortKey;

function filters(query: SessionsQuery, add: Add): string[] {
  const given: readonly (readonly [unknown, (parameter: string) => string])[] = [
    [query.project_id, (project) => `s.project_id = ${project}`],
    [query.status, (status) => `s.status = ${status}`],
    [query.model, (model) => `s.model = ${model}`],
    [query.tag, (tags) => `s.tags @> ${tags}::text[]`],
    [query.text, (text) => `position(lower(${text}) in s.name_key) > 0`],
    [query.created_after, (moment) => `s.created_at >= ${moment}::timestamptz`],
    [query.created_before, (moment) => `s.created_at < ${moment}::timestamptz`],
    // The minute is what the index knows.
    [query.updated_after, (at) => `s.updated_minute >= ${minuteOf(at)} and s.updated_at >= ${at}::timestamptz`],
    [query.updated_before, (at) => `s.updated_minute <= ${minuteOf(at)} and s.updated_at < ${at}::timestamptz`],
  ];
  return given.flatMap(([value, condition]) => (value === undefined ? [] : [condition(add(value))]));
}
