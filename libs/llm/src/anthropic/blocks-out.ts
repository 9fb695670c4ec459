import type {
  CacheControlEphemeral,
  ContentBlockParam,
  ImageBlockParam,
  TextBlockParam,
} from '@anthropic-ai/sdk/resources/messages';
import {
  AppError,
  type Block,
  type CacheMark,
  type DocumentBlock,
  type ImageBlock,
  type ReasoningBlock,
  type TextBlock,
  type ToolResultBlock,
  type VendorBag,
  type Verbatim,
} from '@parley/contracts';
import { citedTexts } from '@parley/dialects';
import type { Losses } from '../losses.js';
import { openaiBlockFields } from './foreign-fields.js';
import { toToolId } from './tool-id.js';

/** Anthropic keeps a cache for five minutes or an hour: longer wishes get the hour. */
export const toCacheControl = (mark: CacheMark): CacheControlEphemeral => ({
  type: 'ephemeral',
  ...(mark.ttl && { ttl: mark.ttl === '5m' ? '5m' : '1h' }),
});

/** Cache mark and Anthropic’s own fields of a block, as they go back to Anthropic. */
const extras = (block: { cache?: CacheMark | undefined; vendor?: VendorBag | undefined }, losses: Losses): object => {
  if (block.cache === undefined && block.vendor === undefined) return {};
  if (block.vendor?.openai?.['function_name'] !== undefined) losses.refuse('messages.function');
  losses.judge(block.vendor, 'openai', openaiBlockFields);
  return { ...(block.cache && { cache_control: toCacheControl(block.cache) }), ...block.vendor?.anthropic };
};

function imageSource(source: ImageBlock['source']): ImageBlockParam['source'] {
  switch (source.kind) {
    case 'url':
      return { type: 'url', url: source.url };
    case 'file':
      return { type: 'file', file_id: source.file_id };
    case 'base64':
      return { type: 'base64', media_type: source.media_type as 'image/png', data: source.data };
  }
}

function image(block: ImageBlock, losses: Losses): ContentBlockParam {
  if (block.detail !== undefined && block.detail !== 'auto') losses.drop('image_url.detail');
  return { type: 'image', source: imageSource(block.source), ...extras(block, losses) };
}

/** Anthropic takes PDF as bytes and everything else as text. */
function documentSource(source: DocumentBlock['source'], losses: Losses): object {
  switch (source.kind) {
    case 'text':
      return { type: 'text', media_type: 'text/plain', data: source.text };
    case 'blocks':
      return { type: 'content', content: source.content.map((part) => toAnthropicBlock(part, losses)) };
    case 'base64':
      if (source.media_type.startsWith('text/')) {
        return { type: 'text', media_type: 'text/plain', data: Buffer.from(source.data, 'base64').toString() };
      }
      return { type: 'base64', media_type: source.media_type, data: source.data };
    default:
      return imageSource(source);
  }
}

const document = (block: DocumentBlock, losses: Losses): ContentBlockParam =>
  ({
    type: 'document',
    source: documentSource(block.source, losses),
    ...(block.title !== undefined && { title: block.title }),
    ...extras(block, losses),
  }) as ContentBlockParam;

function toolInput(text: string): unknown {
  if (text === '') return {};
  try {
    return JSON.parse(text);
  } catch (cause) {
    const message = 'the arguments of a tool call are not valid JSON';
    throw new AppError('request.invalid', { detail: message, fields: [{ path: 'messages', message }], cause });
  }
}

const toolResult = (block: ToolResultBlock, losses: Losses): ContentBlockParam =>
  ({
    type: 'tool_result',
    tool_use_id: toToolId(block.call_id),
    ...(block.content.length > 0 && { content: toAnthropicContent(block.content, losses) }),
    ...(block.is_error !== undefined && { is_error: block.is_error }),
    ...extras(block, losses),
  }) as ContentBlockParam;

function reasoning(
  { text: thinking, signature, redacted }: ReasoningBlock,
  losses: Losses,
): ContentBlockParam | undefined {
  if (redacted !== undefined) return { type: 'redacted_thinking', data: redacted };
  if (signature !== undefined) return { type: 'thinking', thinking, signature };
  // Without its signature Anthropic does not accept a thought back.
  losses.drop('reasoning_content');
  return undefined;
}

function verbatim({ vendor, value }: Verbatim, losses: Losses): ContentBlockParam {
  if (vendor !== 'anthropic') losses.refuse(`content.${String(value['type'])}`);
  return value as unknown as ContentBlockParam;
}

/** A citation that we made of another provider’s has nothing in it by which Anthropic could know it again. */
const isOurs = (citation: object): boolean => 'encrypted_index' in citation && citation.encrypted_index === '';

function text(block: TextBlock, losses: Losses): ContentBlockParam | undefined {
  // Anthropic refuses empty text, which OpenAI's clients send beside tool calls.
  if (block.text === '') return undefined;
  const written: TextBlockParam = { type: 'text', text: block.text, ...extras(block, losses) };
  if (!written.citations?.some(isOurs)) return written;
  losses.drop('citations');
  return { ...written, citations: written.citations.filter((citation) => !isOurs(citation)) };
}

type Writer<T extends Block['type']> = (
  block: Extract<Block, { type: T }>,
  losses: Losses,
) => ContentBlockParam | undefined;

const writers: { readonly [T in Block['type']]: Writer<T> } = {
  text,
  image,
  document,
  tool_call: (block, losses) => ({
    type: 'tool_use',
    id: toToolId(block.id),
    name: block.name,
    input: toolInput(block.arguments),
    ...extras(block, losses),
  }),
  tool_result: toolResult,
  refusal: ({ text: words }) => (words === '' ? undefined : { type: 'text', text: words }),
  reasoning,
  vendor: verbatim,
};

/** A block as Anthropic’s Messages API takes it; undefined for one that says nothing. */
const toAnthropicBlock = (block: Block, losses: Losses): ContentBlockParam | undefined =>
  (writers[block.type] as Writer<Block['type']>)(block, losses);

/** An annotated text is several here, with their citations. */
function inPieces(block: Block, losses: Losses): readonly Block[] {
  if (block.type !== 'text' || block.vendor?.openai?.['annotations'] === undefined) return [block];
  const { texts, lost } = citedTexts(block);
  if (lost) losses.drop('messages.annotations');
  return texts;
}

/** Message content; one plain text is written as a bare string, which means the same. */
export function toAnthropicContent(blocks: readonly Block[], losses: Losses): string | ContentBlockParam[] {
  const [only] = blocks;
  if (blocks.length === 1 && only?.type === 'text' && only.text !== '' && !only.cache && !only.vendor) return only.text;
  return blocks
    .flatMap((block) => inPieces(block, losses))
    .map((block) => toAnthropicBlock(block, losses))
    .filter((block) => block !== undefined);
}
