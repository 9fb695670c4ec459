import type { ContentBlock, ContentBlockParam, ToolResultBlockParam } from '@anthropic-ai/sdk/resources/messages';
import type {
  Block,
  CacheMark,
  DocumentBlock,
  ImageBlock,
  TextBlock,
  ToolResultBlock,
  VendorBag,
} from '@parley/contracts';

type WireBlock = ContentBlock | ContentBlockParam;
type Wire<T extends WireBlock['type']> = Extract<ContentBlockParam, { type: T }>;
type WireMark = { ttl?: '5m' | '1h' | undefined } | null | undefined;

const bag = (rest: object): VendorBag | undefined => {
  for (const _ in rest) return { anthropic: rest as Record<string, unknown> };
  return undefined;
};

export const toCacheMark = (mark: WireMark): CacheMark | undefined =>
  mark ? { ...(mark.ttl && { ttl: mark.ttl }) } : undefined;

/** Cache mark and vendor fields, each only where there is one. */
const marks = (mark: WireMark, rest: object): { cache?: CacheMark; vendor?: VendorBag } => {
  const cache = toCacheMark(mark);
  const vendor = bag(rest);
  return { ...(cache && { cache }), ...(vendor && { vendor }) };
};

const toText = ({ type, text, cache_control, ...rest }: Wire<'text'>): TextBlock => ({
  type,
  text,
  ...marks(cache_control, rest),
});

function toImageSource(source: Wire<'image'>['source']): ImageBlock['source'] {
  switch (source.type) {
    case 'base64':
      return { kind: 'base64', media_type: source.media_type, data: source.data };
    case 'url':
      return { kind: 'url', url: source.url };
    case 'file':
      return { kind: 'file', file_id: source.file_id };
  }
}

const toImage = ({ type, source, cache_control, ...rest }: Wire<'image'>): ImageBlock => ({
  type,
  source: toImageSource(source),
  ...marks(cache_control, rest),
});

function toDocumentSource(source: Wire<'document'>['source']): DocumentBlock['source'] {
  switch (source.type) {
    case 'text':
      return { kind: 'text', text: source.data };
    case 'content':
      return {
        kind: 'blocks',
        content:
          typeof source.content === 'string'
            ? [{ type: 'text', text: source.content }]
            : source.content.map((part) => (part.type === 'text' ? toText(part) : toImage(part))),
      };
    default:
      return toImageSource(source as Wire<'image'>['source']);
  }
}

const toDocument = ({ type, source, title, cache_control, ...rest }: Wire<'document'>): DocumentBlock => ({
  type,
  source: toDocumentSource(source),
  ...(typeof title === 'string' && { title }),
  ...marks(cache_control, rest),
});

type ResultPart = Exclude<ToolResultBlockParam['content'], string | undefined>[number];

const toResultPart = (part: ResultPart): ToolResultBlock['content'][number] => {
  switch (part.type) {
    case 'text':
      return toText(part);
    case 'image':
      return toImage(part);
    case 'document':
      return toDocument(part);
    default:
      return { type: 'vendor', vendor: 'anthropic', value: { ...part } };
  }
};

const toToolResult = ({
  tool_use_id,
  content,
  is_error,
  cache_control,
  type: _type,
  ...rest
}: Wire<'tool_result'>): ToolResultBlock => ({
  type: 'tool_result',
  call_id: tool_use_id,
  content: typeof content === 'string' ? [{ type: 'text', text: content }] : (content ?? []).map(toResultPart),
  ...(is_error !== undefined && { is_error }),
  ...marks(cache_control, rest),
});

const readers: { readonly [T in ContentBlockParam['type']]?: (wire: Wire<T>) => Block } = {
  text: toText,
  image: toImage,
  document: toDocument,
  tool_result: toToolResult,
  tool_use: ({ id, name, input, cache_control, type: _type, ...rest }) => ({
    type: 'tool_call',
    id,
    name,
    arguments: JSON.stringify(input ?? {}),
    ...marks(cache_control, rest),
  }),
  thinking: ({ thinking, signature }) => ({ type: 'reasoning', text: thinking, signature }),
  redacted_thinking: ({ data }) => ({ type: 'reasoning', text: '', redacted: data }),
};

/** A content block as Anthropic writes it, in requests and answers alike; what has no counterpart is kept verbatim. */
export function fromAnthropicBlock(wire: WireBlock): Block {
  const read = readers[wire.type] as ((block: WireBlock) => Block) | undefined;
  return read ? read(wire) : { type: 'vendor', vendor: 'anthropic', value: { ...wire } };
}

/** Message content, where a bare string is short for one text block. */
export const fromAnthropicContent = (content: string | readonly WireBlock[]): Block[] =>
  typeof content === 'string' ? [{ type: 'text', text: content }] : content.map(fromAnthropicBlock);
