import { decodeCursor, type SessionOrder, type SessionsQuery } from '@parley/contracts';
import { z } from 'zod';
import { isoOf, type Told } from './session.js';

/** A statement and what it is given. */
export interface Statement {
  readonly text: string;
  readonly params: readonly unknown[];
}

/** Answers the parameter that stands for the value. */
type Add = (value: unknown) => string;

type SortKey = 'created' | 'updated' | 'name';

const minuteOf = (parameter: string) => `date_trunc('minute', ${parameter}::timestamptz at time zone 'UTC')`;
const utcText = (column: string) => `(s.${column} at time zone 'UTC')::text`;

const columns = `s.id, s.project_id as "projectId", s.name, s.model, s.tags, s.concurrency, s.context, s.status,
  ${utcText('created_at')} as "createdAt", ${utcText('updated_at')} as "updatedAt",
  ${utcText('last_active_at')} as "lastActiveAt", ${utcText('archived_at')} as "archivedAt",
  s.forked_session_id as "forkedSessionId", s.forked_message_id as "forkedMessageId", s.name_key as "nameKey"`;

/**
 * Ids are UUIDs of version 7 (RFC 9562): the moment in milliseconds, by the clock of an instance; `created_at` is by the
 * database's. No two of them are an hour apart, since tokens would not be good.
 */
const clocksApartMs = 3_600_000;
function idOf(moment: string, offMs: number): string {
  const ms = Math.max(0, Date.parse(moment) + offMs);
  const hex = ms.toString(16).padStart(12, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8)}-7000-8000-000000000000`;
}

const storedMoment = z.iso.datetime({ precision: 6 }).refine((text) => !text.startsWith('0000'));
const storedName = z.string().refine((text) => text.isWellFormed() && !text.includes('\0'));

/** Moments are text, in UTC. */
export type ListedRow = Told<string> & { readonly nameKey: string };

interface Order {
  /** Columns before the id, and what of a row a cursor carries. */
  readonly columns: readonly string[];
  readonly keyOf: (row: ListedRow) => string;
  readonly position: z.ZodType<string>;
  /** What lies behind a cursor in this direction. */
  readonly behind: (than: '<' | '>', key: string, id: string, add: Add) => string;
}

const orders: Readonly<Record<SortKey, Order>> = {
  created: {
    columns: [],
    keyOf: () => '',
    position: z.literal(''),
    behind: (than, _, id, add) => `s.id ${than} ${add(id)}`,
  },
  updated: {
    columns: ['updated_minute', 'updated_at'],
    // To the microsecond, which a Date has not.
    keyOf: ({ updatedAt }) => isoOf(updatedAt, 6),
    position: storedMoment,
    behind: (than, key, id, add) => {
      const at = add(key);
      return `s.updated_minute ${than}= ${minuteOf(at)} and (s.updated_at, s.id) ${than} (${at}::timestamptz, ${add(id)}::uuid)`;
    },
  },
  name: {
    columns: ['name_key'],
    keyOf: ({ nameKey }) => nameKey,
    position: storedName,
    behind: (than, key, id, add) => `(s.name_key, s.id) ${than} (${add(key)}::text, ${add(id)}::uuid)`,
  },
};

/** Reads the page of a tenant's sessions that the query asks for, and one more. @throws AppError cursor.invalid. */
export function listing(tenantId: string, query: SessionsQuery): Statement {
  const params: unknown[] = [tenantId];
  const add: Add = (value) => `$${params.push(value)}`;
  const { columns: before, position, behind } = orders[sortKey(query.sort)];
  const [direction, than] = query.sort.startsWith('-') ? (['desc', '<'] as const) : (['asc', '>'] as const);
  const conditions = filters(query, add);
  if (query.cursor !== undefined) {
    const [, after, id] = decodeCursor(z.tuple([z.literal(query.sort), position, z.uuid()]), query.cursor);
    conditions.push(behind(than, after, id, add));
  }
  const orderBy = [...before, 'id'].map((column) => `s.${column} ${direction}`).join(', ');
  const text = `select ${columns} from sessions s
    where ${['s.tenant_id = $1', ...conditions].join(' and ')} order by ${orderBy} limit ${add(query.limit + 1)}`;
  return { text, params };
}

const sortKey = (sort: SessionOrder): SortKey => sort.replace('-', '') as SortKey;

/** The place behind a row. */
export const placeOf = ({ sort }: SessionsQuery, row: ListedRow): readonly string[] => [
  sort,
  orders[sortKey(sort)].keyOf(row),
  row.id,
];

function filters(query: SessionsQuery, add: Add): string[] {
  const tagged = (query.tag ?? []).map(
    (tag) => `s.id in (select t.session_id from session_tags t where t.tenant_id = $1 and t.tag = ${add(tag)})`,
  );
  const given: readonly (readonly [string | undefined, (parameter: string) => string])[] = [
    [query.project_id, (project) => `s.project_id = ${project}`],
    [query.status, (status) => `s.status = ${status}`],
    [query.model, (model) => `s.model = ${model}`],
    [query.text, (text) => `position(lower(${text}) in s.name_key) > 0`],
    // The id and the minute are what indexes know.
    [query.created_after && idOf(query.created_after, -clocksApartMs), (id) => `s.id >= ${id}`],
    [query.created_after, (moment) => `s.created_at >= ${moment}::timestamptz`],
    [query.created_before && idOf(query.created_before, clocksApartMs), (id) => `s.id <= ${id}`],
    [query.created_before, (moment) => `s.created_at < ${moment}::timestamptz`],
    [query.updated_after, (at) => `s.updated_minute >= ${minuteOf(at)} and s.updated_at >= ${at}::timestamptz`],
    [query.updated_before, (at) => `s.updated_minute <= ${minuteOf(at)} and s.updated_at < ${at}::timestamptz`],
  ];
  return [...tagged, ...given.flatMap(([value, condition]) => (value === undefined ? [] : [condition(add(value))]))];
}
