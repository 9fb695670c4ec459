import pg from 'pg';
import type { QueryRunner } from 'typeorm';

export interface TenantTableOptions {
  /** Default `tenant_id`; for the table of tenants itself it is `id`. */
  readonly tenantColumn?: string;
  /**
   * Further scopes that may read, never write, a row: setting → column. `{ credential_hash: 'secret_hash' }` lets
   * `inScope({ credential_hash })` find the row whose `secret_hash` is that value.
   */
  readonly lookups?: Readonly<Record<string, string>>;
}

const quote = (name: string): string => pg.escapeIdentifier(name);

/**
 * Puts a table under forced row-level security: rows of the tenant in `parley.tenant_id` and no others, for the owner
 * too; without the setting there are none. For migrations; undone by dropping the table. Privileges need no grant: the
 * provisioning gives the app and the system role what the owner creates.
 */
export async function tenantTable(runner: QueryRunner, table: string, options: TenantTableOptions = {}): Promise<void> {
  const { tenantColumn = 'tenant_id', lookups = {} } = options;
  // A setting that was local to an earlier transaction reads as '' afterwards, not as null.
  const isTenant = `${quote(tenantColumn)} = nullif(current_setting('parley.tenant_id', true), '')::uuid`;
  await runner.query(`alter table ${quote(table)} enable row level security`);
  await runner.query(`alter table ${quote(table)} force row level security`);
  await runner.query(`create policy tenant on ${quote(table)} using (${isTenant}) with check (${isTenant})`);
  for (const [setting, column] of Object.entries(lookups)) {
    const type = await columnType(runner, table, column);
    const value = `nullif(current_setting(${pg.escapeLiteral(`parley.${setting}`)}, true), '')::${type}`;
    await runner.query(
      `create policy ${quote(`by_${setting}`)} on ${quote(table)} for select using (${quote(column)} = ${value})`,
    );
  }
}

async function columnType(runner: QueryRunner, table: string, column: string): Promise<string> {
  const rows = (await runner.query(
    `select format_type(atttypid, atttypmod) as type from pg_attribute where attrelid = $1::regclass and attname = $2`,
    [quote(table), column],
  )) as { type: string }[];
  if (rows[0] === undefined) throw new Error(`${table} has no column ${column}`);
  return rows[0].type;
}

const catalogue = `
  select format('%s.%s: %s', n.nspname, c.relname, case
           when not c.relrowsecurity then 'row security is not enabled'
           when not c.relforcerowsecurity then 'row security is not forced'
           when not exists (select from pg_policy p where p.polrelid = c.oid
                             and pg_get_expr(p.polqual, c.oid) like '%parley.tenant_id%') then 'no policy by tenant'
           else 'a policy does not depend on the scope' end) as problem
    from pg_class c
    join pg_namespace n on n.oid = c.relnamespace and n.nspname not like 'pg\\_%' and n.nspname <> 'information_schema'
    join pg_attribute a on a.attrelid = c.oid and a.attname = 'tenant_id' and not a.attisdropped
   where c.relkind in ('r', 'p')
     and not (c.relrowsecurity and c.relforcerowsecurity
          and exists (select from pg_policy p where p.polrelid = c.oid
                       and pg_get_expr(p.polqual, c.oid) like '%parley.tenant_id%')
          and not exists (select from pg_policy p where p.polrelid = c.oid and p.polpermissive
                           and coalesce(pg_get_expr(p.polqual, c.oid), pg_get_expr(p.polwithcheck, c.oid), '')
                               not like '%current_setting(''parley.%'))
  union all
  select format('role %s bypasses row security', rolname) from pg_roles
   where rolname = current_database() || '_app' and (rolsuper or rolbypassrls)
   order by 1`;

/**
 * What the catalogue says against tenant isolation, a sentence each; empty when every table with a `tenant_id` is
 * locked. Each service's tests call it after its migrations.
 */
export async function unprotectedTables(source: { query(sql: string): Promise<unknown> }): Promise<string[]> {
  const rows = (await source.query(catalogue)) as { problem: string }[];
  return rows.map((row) => row.problem);
}
