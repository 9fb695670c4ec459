import { randomUUID } from 'node:crypto';
import { defineEvent } from '@parley/contracts';
import { z } from 'zod';

/** An event of these tests. */
export const noted = defineEvent(
  'test.note.noted.v1',
  'A note was noted',
  z.object({ number: z.int(), text: z.string() }),
);

export const newTenant = (): string => randomUUID();
