import type { Block, StreamDelta, StreamEvent, TextBlock, VendorBag } from '@parley/contracts';

/** Grow by their text; a block of any other kind is told whole. */
type Growing = Extract<Block, { type: 'text' | 'reasoning' | 'refusal' | 'tool_call' }>;

export const grows = (block: Block): block is Growing =>
  block.type === 'text' || block.type === 'reasoning' || block.type === 'refusal' || block.type === 'tool_call';

/** What a block grows by; empty for one that is told whole. */
export function wordsOf(block: Block): string {
  if (!grows(block)) return '';
  return block.type === 'tool_call' ? block.arguments : block.text;
}

/** More words of a block that grows. */
export const moreOf = ({ type }: Growing, text: string): StreamDelta => ({
  type: type === 'tool_call' ? 'arguments' : type,
  text,
});

/** The block as it begins: without all that may still come. */
export function beginningOf(block: Block): Block {
  switch (block.type) {
    case 'text':
      return bare({ ...block, text: '' });
    case 'reasoning':
      return { type: 'reasoning', text: '', ...(block.redacted !== undefined && { redacted: block.redacted }) };
    case 'refusal':
      return { ...block, text: '' };
    case 'tool_call':
      return { ...block, arguments: '' };
    default:
      return block;
  }
}

/** What ends a block that is whole: what is known of it only then, and its end. */
export function endOf(block: Block, index: number): StreamEvent[] {
  const deltas = block.type === 'text' ? sourcesOf(block) : block.type === 'reasoning' ? signatureOf(block) : [];
  return [...deltas.map((delta) => ({ type: 'delta' as const, index, delta })), { type: 'block_end', index }];
}

const signatureOf = ({ signature }: { readonly signature?: string | undefined }): StreamDelta[] =>
  signature === undefined ? [] : [{ type: 'signature', text: signature }];

const listed = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

function sourcesOf({ vendor }: TextBlock): StreamDelta[] {
  const citations = listed(vendor?.anthropic?.['citations']);
  const annotations = listed(vendor?.openai?.['annotations']);
  return [
    ...citations.map((citation) => ({ type: 'vendor' as const, vendor: 'anthropic' as const, value: { citation } })),
    ...(annotations.length === 0
      ? []
      : [{ type: 'vendor' as const, vendor: 'openai' as const, value: { annotations } }]),
  ];
}

/** Sources gather while a text is written. */
function bare({ vendor, ...text }: TextBlock): TextBlock {
  const { citations: _, ...anthropic } = vendor?.anthropic ?? {};
  const { annotations: __, ...openai } = vendor?.openai ?? {};
  const rest: VendorBag = {
    ...(Object.keys(anthropic).length > 0 && { anthropic }),
    ...(Object.keys(openai).length > 0 && { openai }),
  };
  return Object.keys(rest).length > 0 ? { ...text, vendor: rest } : text;
}
