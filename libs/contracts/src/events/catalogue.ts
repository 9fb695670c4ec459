import { accessChanged } from './access-changed.js';
import { passwordResetRequested, refreshTokenReused } from './accounts.js';
import { apiKeyCreated, apiKeyRevoked, apiKeyRotated } from './api-keys.js';
import type { EventContract } from './define.js';
import { expertQueryAnswered } from './experts.js';
import { settingsChanged } from './settings-changed.js';
import {
  messageAppended,
  projectDeleted,
  sessionArchived,
  sessionCleared,
  sessionCreated,
  sessionDeleted,
  sessionUpdated,
  turnCompleted,
  turnInterrupted,
  turnStarted,
} from './sessions.js';
import { toolInvoked } from './tool-invoked.js';
import { usageRecorded } from './usage-recorded.js';

/** Every event there is; the AsyncAPI document and the golden files come from this list. */
export const events = [
  usageRecorded,
  settingsChanged,
  apiKeyCreated,
  apiKeyRevoked,
  apiKeyRotated,
  accessChanged,
  passwordResetRequested,
  refreshTokenReused,
  sessionCreated,
  sessionUpdated,
  sessionArchived,
  sessionCleared,
  sessionDeleted,
  projectDeleted,
  messageAppended,
  turnStarted,
  turnCompleted,
  turnInterrupted,
  expertQueryAnswered,
  toolInvoked,
] as const satisfies readonly EventContract[];
