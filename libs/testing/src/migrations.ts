import { deepStrictEqual } from 'node:assert';
import { testDatabase, type TestDatabase } from './database.js';

/** A service's migrations, given the owner's address; this library stands below the one that runs them. */
export interface Migrations {
  readonly migrate: (ownerUrl: string) => Promise<unknown>;
  /** Undoes all of them. */
  readonly revert: (ownerUrl: string) => Promise<unknown>;
}

/**
 * Runs the migrations up, down and up again in a fresh database.
 * @throws AssertionError when something is left after the way down, or when the second way up makes another schema.
 */
export async function expectReversible({ migrate, revert }: Migrations): Promise<void> {
  const database = await testDatabase();
  try {
    const before = await schemaOf(database);
    await migrate(database.ownerUrl);
    const migrated = await schemaOf(database);
    await revert(database.ownerUrl);
    deepStrictEqual(await schemaOf(database), before, 'the way down leaves something, or takes too much');
    await migrate(database.ownerUrl);
    deepStrictEqual(await schemaOf(database), migrated, 'the second way up makes another schema');
  } finally {
    await database.drop();
  }
}

/** Everything a migration can make, a line each, but for the table in which TypeORM keeps their names. */
const schemaOf = async (database: TestDatabase): Promise<string[]> =>
  (await database.query<{ line: string }>(inventory)).map(({ line }) => line);

const inventory = `
  with tables as (
    select c.oid, format('%I.%I', n.nspname, c.relname) as name, c.relkind, c.relrowsecurity, c.relforcerowsecurity
      from pg_class c
      join pg_namespace n on n.oid = c.relnamespace and n.nspname not like 'pg\\_%' and n.nspname <> 'information_schema'
     where c.relname !~ '^migrations(_id_seq)?$' and c.relkind in ('r', 'p', 'v', 'm', 'S', 'f')
  )
  select format('%s %s, row security %s %s', relkind, name, relrowsecurity, relforcerowsecurity) as line from tables
  union all
  select format('%s.%s %s %s %s', t.name, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull,
                pg_get_expr(d.adbin, d.adrelid))
    from tables t
    join pg_attribute a on a.attrelid = t.oid and a.attnum > 0 and not a.attisdropped
    left join pg_attrdef d on d.adrelid = t.oid and d.adnum = a.attnum
  union all
  select pg_get_indexdef(i.indexrelid) from tables t join pg_index i on i.indrelid = t.oid
  union all
  select format('%s %s', t.name, pg_get_constraintdef(c.oid)) from tables t join pg_constraint c on c.conrelid = t.oid
  union all
  select format('%s %s %s %s', t.name, p.polname, pg_get_expr(p.polqual, t.oid), pg_get_expr(p.polwithcheck, t.oid))
    from tables t join pg_policy p on p.polrelid = t.oid
  union all
  select pg_get_triggerdef(g.oid) from tables t join pg_trigger g on g.tgrelid = t.oid and not g.tgisinternal
  union all
  select format('function %s', p.oid::regprocedure) from pg_proc p
   where p.pronamespace not in ('pg_catalog'::regnamespace, 'information_schema'::regnamespace)
  union all
  select format('type %s', t.oid::regtype) from pg_type t where t.typtype in ('d', 'e')
     and t.typnamespace not in ('pg_catalog'::regnamespace, 'information_schema'::regnamespace)
  union all
  select format('schema %s', nspname) from pg_namespace where nspname not like 'pg\\_%'
   order by 1`;
