import { query } from '../../../database.ts';

/** A session from which questions are made: lists are read from behind it, and filtered by what it has. */
export interface Place {
  readonly id: string;
  readonly name: string;
  readonly nameKey: string;
  readonly project: string;
  readonly rareTag: string;
  /** To the microsecond, as cursors have it. */
  readonly updated: string;
}

const count = 16;

/** Anywhere among what a tenant has. */
export const placesOf = (database: string, tenant: string): Promise<Place[]> =>
  query<Place>(
    database,
    `select id, name, name_key as "nameKey", project_id as project, tags[cardinality(tags)] as "rareTag",
      to_char(updated_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as updated
    from sessions where tenant_id = $1 and project_id is not null order by md5(id::text) limit ${count}`,
    [tenant],
  );

/** Words that few messages have, and many. */
export interface Words {
  readonly one: string;
  readonly rare: string;
  readonly common: string;
}

export const wordsOf = (database: string, tenant: string): Promise<Words[]> =>
  query<Words>(
    database,
    `select substring(text from 'ref\\d+') as one, bench.word(7000 + n::int * 50) as rare, bench.word(n::int) as common
    from (select text, row_number() over () as n from (
      select text from message_texts where tenant_id = $1 and role = 'user' order by md5(message_id::text) limit ${count}) chosen) numbered`,
    [tenant],
  );
