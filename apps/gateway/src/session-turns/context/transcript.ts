import type { Block, Message } from '@parley/contracts';

const named = (word: string, title: string | undefined): string =>
  title === undefined ? `[${word}]` : `[${word}: ${title}]`;

function line(block: Block): string {
  switch (block.type) {
    case 'text':
    case 'refusal':
      return block.text;
    case 'tool_call':
      return `[calls the tool ${block.name}: ${block.arguments}]`;
    case 'tool_result':
      return `[the tool answers: ${lines(block.content)}]`;
    case 'image':
      return '[image]';
    case 'document':
      return block.source.kind === 'text' ? block.source.text : named('document', block.title);
    case 'reasoning':
      return '';
    case 'vendor':
      return named('content', String(block.value['type'] ?? ''));
  }
}

const lines = (blocks: readonly Block[]): string =>
  blocks
    .map(line)
    .filter((text) => text !== '')
    .join('\n');

/** A message as text for whoever summarises it: any provider reads that, whatever the message is made of. */
export const transcriptOf = ({ role, name, content }: Message): string => `${name ?? role}: ${lines(content)}`;
