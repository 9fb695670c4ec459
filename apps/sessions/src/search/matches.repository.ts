import { Injectable } from '@nestjs/common';
import type { SessionSearchQuery } from '@parley/contracts';
import type { Transaction } from '@parley/persistence';
import { type Bound, type TimeWindow } from './time-window.js';

/** Messages with all words that are looked at in one window of time; each takes some microseconds. */
export const maxSeen = 4_096;
const maxFew = 2_000;

/** Of a search's statements together, from the beginning of its transaction. */
export const maxSearchMs = 2_000;

/**
 * Bytes of a text times the parts of a query, up to which it is ranked by how near the words are: that takes time by both. At a
 * text of 32 KB and 16 words it was up to 90 ms, and 0.05 ms where each word counts once, however often and wherever it is.
 */
const maxNear = 32_768;

/** A message that fits, and how well. */
export interface Match extends Bound {
  readonly rank: number;
}

/** What was looked for in the whole window, unless `seen` is {@link maxSeen}. */
interface Look {
  /** Messages that have the words, whether they fit or not. */
  readonly seen: number;
  /** Newest first. */
  readonly matches: readonly Match[];
}

/** Whether there is a word to look for, and how many; the query's moments, and the database's, in microseconds since 1970. */
interface Entered {
  readonly hasWords: boolean;
  readonly words: number;
  readonly now: number;
  readonly after: number | null;
  readonly before: number | null;
}

export type Filters = Pick<SessionSearchQuery, 'q' | 'project_id' | 'role'>;

export interface Looked {
  readonly tenantId: string;
  readonly filters: Filters;
  readonly window: TimeWindow;
  /** Microseconds since 1970. */
  readonly since: number;
  readonly until: Bound;
  /** Of the matches, the newest. */
  readonly limit: number;
}

const micros = (moment: string) => `(extract(epoch from ${moment}) * 1000000)::float8`;

/** Signs of markup separate words, as in what is indexed. */
const wordsOf = (query: string) => `websearch_to_tsquery('parley_words', translate(${query}, '<>', '  '))`;

/** For the statement behind it: what is left of the time. */
const hurry = `set_config('statement_timeout',
  greatest(1, ${maxSearchMs} - (extract(epoch from clock_timestamp() - now()) * 1000)::int)::text, true)`;

/**
 * The words become a part of the transaction's scope, as the policy of message_texts has it: what lacks one of them is not
 * there. That they stand in a row, and others do not, is asked of each message that is seen: the index does not know it.
 */
export const enterWords = {
  name: 'search_words',
  text: `select set_config('parley.words', regexp_replace(needed, '<(-|\\d+)>', '&', 'g'), true), ${hurry},
      needed not in ('', 'T') as "hasWords",
      regexp_count(asked::text, $$'([^']|'')*'$$) as words, ${micros('clock_timestamp()')} as now,
      ${micros('$2::timestamptz')} as after, ${micros('$3::timestamptz')} as before
    from ${wordsOf('$1')} asked, querytree(asked) needed`,
};
export const enterWindow = {
  name: 'search_window',
  text: `select set_config('parley.windows', array[search_window($1, $2, to_timestamp($3::float8 / 1000000))]::text, true),
    ${hurry}`,
};

/** The rank does not favour long messages. A session is of the project that it is in now. */
const lookAt = (name: string, some: string) => ({
  name,
  text: `with asked as materialized (select ${wordsOf('$1')} as asked),
    seen as materialized (
      select message_id, session_id, role, created_at, words, octet_length(text) as bytes from message_texts
      where created_at >= to_timestamp($3::float8 / 1000000)
        and (created_at, message_id) < (to_timestamp($4::float8 / 1000000), $5::uuid) ${some}
      limit ${maxSeen})
    select counted.seen, message_id as id, ${micros('created_at')} as at,
      case when bytes::bigint * numnode(asked) <= ${maxNear} then ts_rank_cd(words, asked, 1)
        else ts_rank(strip(words), asked, 1) end as rank
    from (select count(*)::int as seen from seen) counted left join lateral (
      select seen.*, asked from seen cross join asked where words @@ asked and ($6::text is null or role = $6)
        and ($7::uuid is null or session_id in (select id from sessions where tenant_id = $2 and project_id = $7))
      order by created_at desc, message_id desc limit $8) fit on true`,
});
export const look = lookAt('search_look', '');
export const lookAmong = lookAt('search_look_among', 'and message_id = any ($9::uuid[])');

/** All messages of a project; null where they are more than are worth a look at each. */
export const few = {
  name: 'search_few',
  text: `select case when count(*) <= ${maxFew} then coalesce(array_agg(id), '{}') end as ids from (
      select m.id from sessions s join messages m on m.tenant_id = $1 and m.session_id = s.id
      where s.tenant_id = $1 and s.project_id = $2 limit ${maxFew} + 1) first`,
};

/** The number seen comes with each match, and alone where there is none. */
type Row = { readonly seen: number } & (Match | { readonly rank: null });

/** A message as it is shown. */
export interface FoundRow {
  readonly id: string;
  readonly sessionId: string;
  readonly sessionName: string | null;
  readonly projectId: string | null;
  readonly role: 'user' | 'assistant';
  readonly inConversation: boolean;
  readonly createdAt: Date;
  readonly text: string;
  /** The text, with a mark before and behind each word that was asked for; see `highlight.ts`. */
  readonly marked: string;
}

/** Marks and signs of markup in the text give way to spaces, so that places in it are places in the text. */
export const show = {
  name: 'search_show',
  text: `select t.message_id as id, t.session_id as "sessionId", s.name as "sessionName", s.project_id as "projectId",
      t.role, m.position is not null as "inConversation", t.created_at as "createdAt", t.text,
      ts_headline('parley_words', translate(t.text, '<>' || chr(1) || chr(2), '    '), ${wordsOf('$2')},
        'HighlightAll=true,StartSel=' || chr(1) || ',StopSel=' || chr(2)) as marked
    from message_texts t
    join messages m on m.tenant_id = $1 and m.id = t.message_id
    join sessions s on s.tenant_id = $1 and s.id = t.session_id
    where t.tenant_id = $1 and t.message_id = any ($3::uuid[])`,
};

/** Every method but the first is of a transaction that has entered its words. */
@Injectable()
export class MatchesRepository {
  /** For the rest of the transaction. */
  async enter(tx: Transaction, query: SessionSearchQuery): Promise<Entered> {
    const { q, created_after: after = null, created_before: before = null } = query;
    const [entered] = await tx.query<Entered>(enterWords, [q, after, before]);
    if (!entered) throw new Error('A statement that has one row has none');
    return entered;
  }

  async look(tx: Transaction, looked: Looked): Promise<Look> {
    return this.enterAndLook(tx, looked, look);
  }

  /** As `look`, at these messages alone. */
  async lookAmong(tx: Transaction, looked: Looked, ids: readonly string[]): Promise<Look> {
    return this.enterAndLook(tx, looked, lookAmong, ids);
  }

  /** The messages of a project that has few; undefined where it has many. */
  async few(tx: Transaction, tenantId: string, projectId: string): Promise<readonly string[] | undefined> {
    const [found] = await tx.query<{ readonly ids: string[] | null }>(few, [tenantId, projectId]);
    return found?.ids ?? undefined;
  }

  private async enterAndLook(
    tx: Transaction,
    { tenantId, filters, window, since, until, limit }: Looked,
    statement: typeof look,
    ...more: readonly unknown[]
  ): Promise<Look> {
    const { q, project_id: projectId = null, role = null } = filters;
    const from = Math.max(window.start, since);
    const [, rows] = await Promise.all([
      tx.query(enterWindow, [tenantId, window.level, window.start]),
      tx.query<Row>(statement, [q, tenantId, from, until.at, until.id, role, projectId, limit, ...more]),
    ]);
    return { seen: rows[0]?.seen ?? 0, matches: rows.filter((row) => row.rank !== null) };
  }

  async show(tx: Transaction, tenantId: string, query: string, ids: readonly string[]): Promise<FoundRow[]> {
    const [, rows] = await Promise.all([
      tx.query(enterWindow, [tenantId, 0, 0]),
      tx.query<FoundRow>(show, [tenantId, query, ids]),
    ]);
    return rows;
  }
}
