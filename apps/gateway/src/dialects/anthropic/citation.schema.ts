import { z } from 'zod';

const cited = { cited_text: z.string() };
const inDocument = {
  ...cited,
  document_index: z.int(),
  document_title: z.string().nullable(),
  // Only in answers, which come back as they were given.
  file_id: z.string().nullish(),
};
const blocks = { start_block_index: z.int(), end_block_index: z.int() };
const title = z.string().nullable();

/** `TextCitationParam` of @anthropic-ai/sdk 1.11, and the `TextCitation` of its answers. */
export const citation = z
  .discriminatedUnion('type', [
    z.strictObject({
      type: z.literal('char_location'),
      ...inDocument,
      start_char_index: z.int(),
      end_char_index: z.int(),
    }),
    z.strictObject({
      type: z.literal('page_location'),
      ...inDocument,
      start_page_number: z.int(),
      end_page_number: z.int(),
    }),
    z.strictObject({ type: z.literal('content_block_location'), ...inDocument, ...blocks }),
    z.strictObject({
      type: z.literal('web_search_result_location'),
      ...cited,
      encrypted_index: z.string(),
      title,
      url: z.string(),
    }),
    z.strictObject({
      type: z.literal('search_result_location'),
      ...cited,
      ...blocks,
      search_result_index: z.int(),
      source: z.string(),
      title,
    }),
  ])
  .meta({ id: 'AnthropicCitation' });
