import type { Block, StreamDelta, TextBlock, VendorName } from '@parley/contracts';

type Vendor = Extract<StreamDelta, { type: 'vendor' }>;

/** The block with what a delta adds to it. A delta of another kind than its block changes nothing. */
export function grown(block: Block, delta: StreamDelta): Block {
  switch (delta.type) {
    case 'text':
    case 'reasoning':
    case 'refusal':
      return block.type === delta.type ? { ...block, text: block.text + delta.text } : block;
    case 'signature':
      return block.type === 'reasoning' ? { ...block, signature: (block.signature ?? '') + delta.text } : block;
    case 'arguments':
      return withArguments(block, delta.text);
    case 'vendor':
      return withSources(block, delta);
  }
}

/** Where a provider's own tool is called, the text of its input is gathered under this name until the block ends. */
const inputText = 'partial_json';

function withArguments(block: Block, text: string): Block {
  if (block.type === 'tool_call') return { ...block, arguments: block.arguments + text };
  if (block.type !== 'vendor') return block;
  const before = block.value[inputText];
  return { ...block, value: { ...block.value, [inputText]: (typeof before === 'string' ? before : '') + text } };
}

/** Anthropic streams the citations of a text one by one (platform.claude.com/docs, citations), OpenAI its annotations. */
function withSources(block: Block, { vendor, value: { citation, annotations } }: Vendor): Block {
  if (block.type !== 'text') return block;
  if (vendor === 'openai')
    return Array.isArray(annotations) ? listed(block, vendor, 'annotations', annotations) : block;
  return citation === undefined ? block : listed(block, vendor, 'citations', [citation]);
}

function listed(block: TextBlock, vendor: VendorName, field: string, more: readonly unknown[]): Block {
  const own = block.vendor?.[vendor] ?? {};
  const before = Array.isArray(own[field]) ? (own[field] as unknown[]) : [];
  return { ...block, vendor: { ...block.vendor, [vendor]: { ...own, [field]: [...before, ...more] } } };
}

/** The block as its message holds it once it is whole. */
export function closed(block: Block): Block {
  if (block.type !== 'vendor') return block;
  const { [inputText]: text, ...value } = block.value;
  return typeof text === 'string' ? { ...block, value: { ...value, input: parsed(text) } } : block;
}

function parsed(text: string): unknown {
  try {
    return text === '' ? {} : JSON.parse(text);
  } catch {
    return {};
  }
}
