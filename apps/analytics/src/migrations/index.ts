import { inboxMigration } from '@parley/messaging';
import { Usage1767225600000 } from './1767225600000-usage.js';
import { Attribution1795219200000 } from './1795219200000-attribution.js';
import { Cost1797206400000 } from './1797206400000-cost.js';

/** In the order of their timestamps. */
export const migrations = [
  Usage1767225600000,
  inboxMigration(1767225600001),
  Attribution1795219200000,
  Cost1797206400000,
];
