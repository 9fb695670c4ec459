import { z } from 'zod';

/** What becomes of a turn that is asked for while another one of its session is answered. */
export const concurrencyPolicy = z
  .enum(['reject', 'queue', 'interrupt'])
  .describe(
    'A turn that meets another one is refused with 409, waits for it, or has it stopped; at most 16 wait, a minute each',
  )
  .meta({ id: 'ConcurrencyPolicy' });
export type ConcurrencyPolicy = z.infer<typeof concurrencyPolicy>;
