import { inboxMigration, outboxEntriesMigration, outboxMigration } from '@parley/messaging';
import { Usage1767225600000 } from './1767225600000-usage.js';
import { ModelPriceVersions1797206400000 } from './1797206400000-model-price-versions.js';
import { ModelRoutes1797206400001 } from './1797206400001-model-routes.js';

/** In the order of their timestamps. */
export const migrations = [
  Usage1767225600000,
  outboxMigration(1767225600001),
  outboxEntriesMigration(1795219200000),
  ModelPriceVersions1797206400000,
  ModelRoutes1797206400001,
  inboxMigration(1797292800000),
];
