import { z } from 'zod';
import { defineEvent } from './define.js';

export const passwordResetRequested = defineEvent(
  'auth.password_reset.requested.v1',
  'A user asked for a new password; whoever sends mail delivers the one-time token',
  z.object({
    user_id: z.uuid(),
    email: z.string(),
    /** Good once, until `expires_at`. Who reads this event can take the account over: see docs/adr/0020. */
    token: z.string(),
    expires_at: z.iso.datetime(),
  }),
);

export const refreshTokenReused = defineEvent(
  'auth.refresh_token.reused.v1',
  'A refresh token was used twice, so it is in two hands; its login was ended',
  z.object({ login_id: z.uuid(), user_id: z.uuid() }),
);
