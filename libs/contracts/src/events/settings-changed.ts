import { z } from 'zod';
import { defineEvent } from './define.js';

export const settingsChanged = defineEvent(
  'gateway.settings.changed.v1',
  'A tenant changed settings that its calls to models are answered by; every gateway reads them anew',
  z.object({
    /** `routes` or `prices`; later ones are ignored by those who do not know them. */
    setting: z.string(),
  }),
);
