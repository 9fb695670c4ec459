import { Client } from 'pg';

/** Where a service keeps its data; `env` as a platform describes itself, or of this process where it was told. */
export function databaseOf(env: Readonly<Record<string, string | undefined>>, service: string): string {
  const url = new URL(env['PARLEY_DATABASE_URL'] ?? '');
  url.pathname = `/parley_${service.replaceAll('-', '_')}`;
  return url.href;
}

/** The rows of one statement, as the administrator. */
export async function query<Row extends object>(url: string, sql: string, params: unknown[] = []): Promise<Row[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Row>(sql, params)).rows;
  } finally {
    await client.end();
  }
}
