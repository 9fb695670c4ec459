import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Client, escapeLiteral } from 'pg';
import { workspace } from './home.ts';
import type { Secrets } from './secrets.ts';

const roles = ['owner', 'app', 'system'] as const;
const template = join(workspace, 'deploy/docker/postgres/provision.sql');

/** The addresses under which a service reaches its database, one per role. */
export type DatabaseUrls = Readonly<Record<(typeof roles)[number], string>>;

/** Makes the service's database, `parley_<service>` with its dashes as underscores, with its roles where they are missing, and sets their passwords. */
export async function provision(adminUrl: string, service: string, secrets: Secrets): Promise<DatabaseUrls> {
  const database = `parley_${service.replaceAll('-', '_')}`;
  const values: Record<string, string> = { database };
  for (const role of roles) values[`${role}_password`] = secrets.get(`${database}_${role}`);
  const text = (await readFile(template, 'utf8')).replaceAll(/:'(\w+)'/g, (_, name: string) =>
    escapeLiteral(values[name] ?? ''),
  );
  const [inCluster = '', inDatabase = ''] = text.split(/^\\connect.*$/m);
  await generateAndExecute(adminUrl, inCluster);
  await generateAndExecute(addressOf(adminUrl, database), inDatabase);
  const urls = roles.map((role) => [
    role,
    addressOf(adminUrl, database, `${database}_${role}`, values[`${role}_password`]),
  ]);
  return Object.fromEntries(urls) as DatabaseUrls;
}

function addressOf(adminUrl: string, database: string, user?: string, password?: string): string {
  const url = new URL(adminUrl);
  url.pathname = `/${database}`;
  if (user !== undefined) url.username = user;
  if (password !== undefined) url.password = password;
  return url.href;
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
