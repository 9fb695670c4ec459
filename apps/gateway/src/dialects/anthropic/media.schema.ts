import { z } from 'zod';
import { cacheControl } from './cache.schema.js';
import { citation } from './citation.schema.js';

const url = z.strictObject({ type: z.literal('url'), url: z.string() });
const file = z.strictObject({ type: z.literal('file'), file_id: z.string() });

export const citationsConfig = z.strictObject({ enabled: z.boolean().optional() });

export const textParam = z
  .strictObject({
    type: z.literal('text'),
    text: z.string(),
    cache_control: cacheControl,
    citations: z.array(citation).nullish(),
  })
  .meta({ id: 'AnthropicTextBlock' });

export const image = z
  .strictObject({
    type: z.literal('image'),
    source: z.discriminatedUnion('type', [
      z.strictObject({
        type: z.literal('base64'),
        media_type: z.enum(['image/jpeg', 'image/png', 'image/gif', 'image/webp']),
        data: z.string(),
      }),
      url,
      file,
    ]),
    cache_control: cacheControl,
    transformations: z.strictObject({ oversized_image: z.enum(['downsize', 'error']).optional() }).nullish(),
  })
  .meta({ id: 'AnthropicImageBlock' });

export const document = z
  .strictObject({
    type: z.literal('document'),
    source: z.discriminatedUnion('type', [
      z.strictObject({ type: z.literal('base64'), media_type: z.literal('application/pdf'), data: z.string() }),
      z.strictObject({ type: z.literal('text'), media_type: z.literal('text/plain'), data: z.string() }),
      z.strictObject({
        type: z.literal('content'),
        content: z.union([z.string(), z.array(z.discriminatedUnion('type', [textParam, image]))]),
      }),
      url,
      file,
    ]),
    cache_control: cacheControl,
    citations: citationsConfig.nullish(),
    context: z.string().nullish(),
    title: z.string().nullish(),
  })
  .meta({ id: 'AnthropicDocumentBlock' });
