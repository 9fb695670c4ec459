import { Client } from 'pg';
import { databaseUrl, provision } from './provision.js';
import { fromTestServers, uniqueSuffix } from './servers.js';

/** A logical database of its own with its three roles, provisioned as in production. */
export interface TestDatabase {
  readonly name: string;
  /** Role that owns the tables. */
  readonly ownerUrl: string;
  /** Role under row-level security. */
  readonly appUrl: string;
  /** Role that bypasses it. */
  readonly systemUrl: string;
  /** Rows of a statement by the server's administrator, who sees every row and may do anything; on a connection of its own. */
  query<Row>(sql: string, params?: readonly unknown[]): Promise<Row[]>;
  /** How many rows of each table the app role sees for a tenant by row-level security alone: no statement names the tenant. */
  seenBy(tenantId: string, tables: readonly string[]): Promise<number[]>;
  /** Drops database and roles; connections that are still open are ended. */
  drop(): Promise<void>;
}

/** Makes a fresh database; `migrate` is given the owner's address. Call it in `beforeAll`, `drop` in `afterAll`. */
export async function testDatabase(migrate?: (ownerUrl: string) => Promise<void>): Promise<TestDatabase> {
  const adminUrl = fromTestServers('DATABASE_URL');
  const name = `parley_test_${uniqueSuffix()}`;
  const password = uniqueSuffix();
  await provision(adminUrl, {
    database: name,
    owner_password: password,
    app_password: password,
    system_password: password,
  });
  const urlOf = (role: string) => {
    const url = new URL(databaseUrl(adminUrl, name));
    url.username = `${name}_${role}`;
    url.password = password;
    return url.href;
  };
  const database: TestDatabase = {
    name,
    ownerUrl: urlOf('owner'),
    appUrl: urlOf('app'),
    systemUrl: urlOf('system'),
    query: <Row>(sql: string, params: readonly unknown[] = []) =>
      connected(
        databaseUrl(adminUrl, name),
        async (client) => (await client.query<Row & object>(sql, [...params])).rows,
      ),
    seenBy: (tenantId, tables) =>
      connected(urlOf('app'), async (client) => {
        await client.query(`select set_config('parley.tenant_id', $1, false)`, [tenantId]);
        const counts: number[] = [];
        for (const table of tables) counts.push((await client.query(`select from ${table}`)).rowCount ?? 0);
        return counts;
      }),
    drop: () => drop(adminUrl, name),
  };
  await migrate?.(database.ownerUrl);
  return database;
}

const drop = (adminUrl: string, name: string): Promise<void> =>
  connected(adminUrl, async (client) => {
    await client.query(`drop database if exists ${name} with (force)`);
    await client.query(`drop role if exists ${name}_owner, ${name}_app, ${name}_system`);
  });

async function connected<T>(connectionString: string, fn: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString });
  await client.connect();
  try {
    return await fn(client);
  } finally {
    await client.end();
  }
}
