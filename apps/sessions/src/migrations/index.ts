import { outboxEntriesMigration, outboxMigration } from '@parley/messaging';
import { Sessions1767225600000 } from './1767225600000-sessions.js';
import { Messages1767225600001 } from './1767225600001-messages.js';
import { Turns1767225600002 } from './1767225600002-turns.js';

/** In the order of their timestamps. */
export const migrations = [
  Sessions1767225600000,
  Messages1767225600001,
  Turns1767225600002,
  outboxMigration(1767225600003),
  outboxEntriesMigration(1767225600004),
];
