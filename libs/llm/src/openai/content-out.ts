import type { Block, CacheMark, DocumentBlock, ImageBlock, VendorBag } from '@parley/contracts';
import type { ChatCompletionContentPart } from 'openai/resources/chat/completions';
import type { Losses } from '../losses.js';
import { anthropicBlockFields } from './foreign-fields.js';

/**
 * OpenAI’s own breakpoints go back as they came. A mark of Anthropic’s is dropped: most servers of this dialect do not
 * know breakpoints, and OpenAI caches prefixes by itself.
 */
export function extras(
  block: { cache?: CacheMark | undefined; vendor?: VendorBag | undefined },
  losses: Losses,
): object {
  if (block.cache === undefined && block.vendor === undefined) return {};
  losses.judge(block.vendor, 'anthropic', anthropicBlockFields);
  const { prompt_cache_breakpoint } = block.vendor?.openai ?? {};
  if (prompt_cache_breakpoint !== undefined) return { prompt_cache_breakpoint };
  if (block.cache) losses.drop('cache_control');
  return {};
}

function image(block: ImageBlock, losses: Losses): ChatCompletionContentPart {
  const { source, detail } = block;
  if (source.kind === 'file') return losses.refuse('image.source.file_id');
  return {
    type: 'image_url',
    image_url: {
      url: source.kind === 'url' ? source.url : `data:${source.media_type};base64,${source.data}`,
      ...(detail !== undefined && { detail: detail as 'auto' }),
    },
    ...extras(block, losses),
  };
}

function document(block: DocumentBlock, losses: Losses): ChatCompletionContentPart[] {
  const { source, title } = block;
  const marks = extras(block, losses);
  const filename = title !== undefined && { filename: title };
  switch (source.kind) {
    case 'file':
      return [{ type: 'file', file: { file_id: source.file_id, ...filename }, ...marks }];
    case 'base64':
      return [
        { type: 'file', file: { file_data: `data:${source.media_type};base64,${source.data}`, ...filename }, ...marks },
      ];
    case 'text':
      return [{ type: 'text', text: title === undefined ? source.text : `${title}\n\n${source.text}` }];
    case 'blocks':
      return [
        ...(title === undefined ? [] : [{ type: 'text' as const, text: title }]),
        ...source.content.flatMap((part) => contentPart(part, losses)),
      ];
    case 'url':
      return losses.refuse('document.source.url');
  }
}

/** One part of a user’s or an instruction’s content. */
function contentPart(block: Block, losses: Losses): ChatCompletionContentPart[] {
  switch (block.type) {
    case 'text':
      return [{ type: 'text', text: block.text, ...extras(block, losses) }];
    case 'image':
      return [image(block, losses)];
    case 'document':
      return document(block, losses);
    case 'vendor':
      if (block.vendor !== 'openai') return losses.refuse(`content.${String(block.value['type'])}`);
      return [block.value as unknown as ChatCompletionContentPart];
    default:
      return losses.refuse(`content.${block.type}`, 'it stands in a message of the wrong role');
  }
}

/** A lone plain text is written as a bare string, which every server of this dialect takes; so is nothing at all. */
export function written(parts: ChatCompletionContentPart[]): string | ChatCompletionContentPart[] {
  const [only] = parts;
  if (!only) return '';
  return parts.length === 1 && only.type === 'text' && !('prompt_cache_breakpoint' in only) ? only.text : parts;
}

export const contentParts = (blocks: readonly Block[], losses: Losses): ChatCompletionContentPart[] =>
  blocks.flatMap((block) => contentPart(block, losses));
