import { Client } from 'pg';
import type { Platform } from '../../tools/stack/platform.ts';

/** As the administrator, in the database of a service, or in the administrator's own. */
export async function query<Row extends object>(platform: Platform, sql: string, service?: string): Promise<Row[]> {
  const client = new Client({ connectionString: databaseUrl(platform, service) });
  await client.connect();
  try {
    return (await client.query<Row>(sql)).rows;
  } finally {
    await client.end();
  }
}

export function databaseUrl({ env }: Platform, service?: string): string {
  const url = new URL(env['PARLEY_DATABASE_URL'] ?? '');
  if (service !== undefined) url.pathname = `/parley_${service}`;
  return url.href;
}
