import { outboxEntriesMigration, outboxMigration } from '@parley/messaging';
import { Queries1767225600000 } from './1767225600000-queries.js';

/** In the order of their timestamps. */
export const migrations = [Queries1767225600000, outboxMigration(1767225600001), outboxEntriesMigration(1767225600002)];
