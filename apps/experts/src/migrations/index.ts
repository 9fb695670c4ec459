import { inboxMigration, outboxEntriesMigration, outboxMigration } from '@parley/messaging';
import { Queries1767225600000 } from './1767225600000-queries.js';
import { QueriesOfSessions1797000000030 } from './1797000000030-queries-of-sessions.js';

/** In the order of their timestamps. */
export const migrations = [
  Queries1767225600000,
  outboxMigration(1767225600001),
  outboxEntriesMigration(1767225600002),
  QueriesOfSessions1797000000030,
  inboxMigration(1797000000031),
];
