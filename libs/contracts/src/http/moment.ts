import { z } from 'zod';

/** A moment in a query, with the offset of its zone; PostgreSQL has no year 0. */
export const moment = z.iso
  .datetime({ offset: true })
  .refine((text) => !text.startsWith('0000'), 'must be of a year from 0001');
