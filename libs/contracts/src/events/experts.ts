import { z } from 'zod';
import { defineEvent } from './define.js';

export const expertQueryAnswered = defineEvent(
  'experts.query.answered.v1',
  'The circle of experts has answered; what it answered is read at /v1/experts/queries/{id}',
  z.object({
    query_id: z.uuid(),
    asked_by: z.uuid(),
    /** Experts that were asked, and how many of them gave an answer that counts. */
    experts: z.int().min(1),
    answered: z.int().min(0),
    /** Share of the answers that agree with the consensus, 0 to 1; null where there is no consensus. */
    agreement: z.number().min(0).max(1).nullable(),
    duration_ms: z.int().min(0),
  }),
);
