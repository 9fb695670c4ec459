import { Metrics, silentLog } from '@parley/service-kit';
import type { TestDatabase } from '@parley/testing';
import { z } from 'zod';
import { databaseConfig } from '../src/config.js';
import { DatabaseRoles, type OpenOptions } from '../src/database-roles.js';

/** Both roles of a test database, as a service would open them. */
export function openRoles(
  { appUrl, systemUrl }: Pick<TestDatabase, 'appUrl' | 'systemUrl'>,
  environment: Readonly<Record<string, string>> = {},
  options: Partial<OpenOptions> = {},
): Promise<DatabaseRoles> {
  const config = z
    .object(databaseConfig)
    .parse({ DATABASE_URL: appUrl, DATABASE_SYSTEM_URL: systemUrl, ...environment });
  return DatabaseRoles.open({
    config,
    entities: [],
    migrations: [],
    name: 'persistence-test',
    log: silentLog,
    metrics: new Metrics(),
    ...options,
  });
}
