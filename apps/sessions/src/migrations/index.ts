import { outboxEntriesMigration, outboxMigration } from '@parley/messaging';
import { Sessions1767225600000 } from './1767225600000-sessions.js';
import { Messages1767225600001 } from './1767225600001-messages.js';
import { Turns1767225600002 } from './1767225600002-turns.js';
import { SessionLifecycle1797000000000 } from './1797000000000-session-lifecycle.js';
import { SessionRetention1797000000010 } from './1797000000010-session-retention.js';
import { ProjectDefaults1797000000020 } from './1797000000020-project-defaults.js';
import { Branches1797000000100 } from './1797000000100-branches.js';
import { AppendKeys1797000000110 } from './1797000000110-append-keys.js';
import { LeftBehind1797000000115 } from './1797000000115-left-behind.js';
import { TurnFacts1797000000120 } from './1797000000120-turn-facts.js';
import { TurnQueue1797000000125 } from './1797000000125-turn-queue.js';
import { TurnStops1797000000130 } from './1797000000130-turn-stops.js';
import { ContextPolicies1797000000140 } from './1797000000140-context-policies.js';
import { TurnUsage1797000000160 } from './1797000000160-turn-usage.js';
import { TurnsInOrder1797000000200 } from './1797000000200-turns-in-order.js';
import { SessionFilters1797000000250 } from './1797000000250-session-filters.js';
import { MessageTexts1797000000300 } from './1797000000300-message-texts.js';

/** In the order of their timestamps. */
export const migrations = [
  Sessions1767225600000,
  Messages1767225600001,
  Turns1767225600002,
  outboxMigration(1767225600003),
  outboxEntriesMigration(1767225600004),
  SessionLifecycle1797000000000,
  SessionRetention1797000000010,
  ProjectDefaults1797000000020,
  Branches1797000000100,
  AppendKeys1797000000110,
  LeftBehind1797000000115,
  TurnFacts1797000000120,
  TurnQueue1797000000125,
  TurnStops1797000000130,
  ContextPolicies1797000000140,
  TurnUsage1797000000160,
  TurnsInOrder1797000000200,
  SessionFilters1797000000250,
  MessageTexts1797000000300,
];
