import { outboxEntriesMigration, outboxMigration } from '@parley/messaging';
import { Accounts1767225600000 } from './1767225600000-accounts.js';
import { Logins1767225600001 } from './1767225600001-logins.js';
import { ApiKeys1767225600002 } from './1767225600002-api-keys.js';
import { SigningKeys1767225600003 } from './1767225600003-signing-keys.js';

export const migrations = [
  Accounts1767225600000,
  Logins1767225600001,
  ApiKeys1767225600002,
  SigningKeys1767225600003,
  outboxMigration(1767225600004),
  outboxEntriesMigration(1795219200000),
];
