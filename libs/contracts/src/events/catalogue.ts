import { apiKeyCreated, apiKeyRevoked } from './api-keys.js';
import type { EventContract } from './define.js';
import { usageRecorded } from './usage-recorded.js';

/** Every event there is; the AsyncAPI document and the golden files come from this list. */
export const events = [usageRecorded, apiKeyCreated, apiKeyRevoked] as const satisfies readonly EventContract[];
