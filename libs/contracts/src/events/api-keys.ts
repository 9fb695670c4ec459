import { z } from 'zod';
import { defineEvent } from './define.js';

export const apiKeyCreated = defineEvent(
  'auth.api_key.created.v1',
  'An API key was created',
  z.object({ api_key_id: z.uuid(), name: z.string(), created_by: z.uuid() }),
);

export const apiKeyRevoked = defineEvent(
  'auth.api_key.revoked.v1',
  'An API key was revoked; tokens exchanged for it are refused from now on',
  z.object({
    api_key_id: z.uuid(),
    revoked_by: z.uuid(),
    /** Tokens exchanged for the key expire by themselves at this time. */
    tokens_expire_at: z.iso.datetime(),
  }),
);

export const apiKeyRotated = defineEvent(
  'auth.api_key.rotated.v1',
  'An API key was renewed; the one before it works on for a while',
  z.object({ api_key_id: z.uuid(), rotated_by: z.uuid(), previous_key_expires_at: z.iso.datetime() }),
);
