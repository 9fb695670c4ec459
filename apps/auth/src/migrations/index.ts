import { outboxEntriesMigration, outboxMigration } from '@parley/messaging';
import { Accounts1767225600000 } from './1767225600000-accounts.js';
import { Logins1767225600001 } from './1767225600001-logins.js';
import { ApiKeys1767225600002 } from './1767225600002-api-keys.js';
import { SigningKeys1767225600003 } from './1767225600003-signing-keys.js';

import { Roles1796000000000 } from './1796000000000-roles.js';
import { OneTimeTokens1796000000001 } from './1796000000001-one-time-tokens.js';
import { ServiceAccounts1796000000002 } from './1796000000002-service-accounts.js';
import { KeyBounds1796000000003 } from './1796000000003-key-bounds.js';
import { LoginOrigins1796000000004 } from './1796000000004-login-origins.js';
import { KeySchedule1796000000005 } from './1796000000005-key-schedule.js';
import { Members1796000000006 } from './1796000000006-members.js';

export const migrations = [
  Accounts1767225600000,
  Logins1767225600001,
  ApiKeys1767225600002,
  SigningKeys1767225600003,
  outboxMigration(1767225600004),
  outboxEntriesMigration(1795219200000),
  Roles1796000000000,
  OneTimeTokens1796000000001,
  ServiceAccounts1796000000002,
  KeyBounds1796000000003,
  LoginOrigins1796000000004,
  KeySchedule1796000000005,
  Members1796000000006,
];
