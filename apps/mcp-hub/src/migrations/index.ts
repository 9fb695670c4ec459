import { outboxEntriesMigration, outboxMigration } from '@parley/messaging';
import { ToolInvocations1767225600000 } from './1767225600000-tool-invocations.js';

/** In the order of their timestamps. */
export const migrations = [
  ToolInvocations1767225600000,
  outboxMigration(1767225600001),
  outboxEntriesMigration(1795219200000),
];
