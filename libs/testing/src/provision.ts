import { readFile } from 'node:fs/promises';
import { Client, escapeLiteral } from 'pg';

/** What psql would be given with -v. */
export interface ProvisionValues {
  readonly database: string;
  readonly owner_password: string;
  readonly app_password: string;
  readonly system_password: string;
}

const template = new URL('../../../deploy/docker/postgres/provision.sql', import.meta.url);

/** Makes a database and its roles by the same file as every deployment; `adminUrl` may create both. */
export async function provision(adminUrl: string, values: ProvisionValues): Promise<void> {
  const text = (await readFile(template, 'utf8')).replaceAll(/:'(\w+)'/g, (_, name: keyof ProvisionValues) =>
    escapeLiteral(values[name]),
  );
  const [cluster = '', database = ''] = text.split(/^\\connect.*$/m);
  await generateAndExecute(adminUrl, cluster);
  await generateAndExecute(databaseUrl(adminUrl, values.database), database);
}

/** Same server and account, another database. */
export function databaseUrl(url: string, database: string): string {
  const other = new URL(url);
  other.pathname = `/${database}`;
  return other.href;
}

/** psql's \gexec: every cell of a query's result is the next statement. */
async function generateAndExecute(connectionString: string, queries: string): Promise<void> {
  const client = new Client({ connectionString });
  await client.connect();
  try {
    for (const query of queries.split(/^\\gexec$/m).slice(0, -1)) {
      const { rows } = await client.query<string[]>({ text: query, rowMode: 'array' });
      for (const statement of rows.flat()) await client.query(statement);
    }
  } finally {
    await client.end();
  }
}
