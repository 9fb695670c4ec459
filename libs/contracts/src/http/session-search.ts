import { z } from 'zod';
import { storedText } from '../storable.js';
import { pageOf, pageQuery } from './page.js';
import { moment } from './moment.js';

/** In a query; the parts of one with hyphens, or of an address, count too. */
export const maxSearchWords = 16;

/** Every filter that is given has to fit. */
export const sessionSearchQuery = pageQuery.extend({
  limit: z.coerce.number().int().min(1).max(50).default(20),
  q: storedText(500).describe(
    `Words that all have to occur, in any form; "words in a row", or, and -without, as web searches take them. At most ${maxSearchWords} words, where the parts of one with hyphens, or of an address, count too`,
  ),
  project_id: z.uuid().optional().describe('Of the session, as it is now'),
  role: z.enum(['user', 'assistant']).optional(),
  created_after: moment.optional().describe('Or at; of the message'),
  created_before: moment.optional(),
});
export type SessionSearchQuery = z.infer<typeof sessionSearchQuery>;

/** A part of a message around what was found. Its texts, one behind the other, are the message’s own, as it has them. */
export const searchFragment = z
  .array(z.strictObject({ text: z.string(), match: z.boolean() }))
  .meta({ id: 'SearchFragment' });
export type SearchFragment = z.infer<typeof searchFragment>;

export const foundMessage = z
  .strictObject({
    session_id: z.uuid(),
    session_name: z.string().nullable(),
    project_id: z.uuid().nullable(),
    message_id: z.uuid(),
    role: z.enum(['user', 'assistant']),
    in_conversation: z.boolean().describe('False for what was left behind on another branch'),
    created_at: z.iso.datetime(),
    rank: z.number().describe('How well it fits, beside others of the same answer; more is better'),
    fragments: z.array(searchFragment).max(3).describe('Beginnings that match may be all there is of a long message'),
  })
  .meta({ id: 'FoundMessage' });
export type FoundMessage = z.infer<typeof foundMessage>;

export const foundMessages = pageOf(foundMessage)
  .extend({
    ranked_since: z.iso
      .datetime()
      .nullable()
      .describe(
        'The page is of the newest messages that fit, those since this moment, best first; older ones come on the pages behind. Null: there are none that are older',
      ),
  })
  .meta({ id: 'FoundMessages' });
export type FoundMessages = z.infer<typeof foundMessages>;
