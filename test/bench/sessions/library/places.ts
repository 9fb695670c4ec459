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
