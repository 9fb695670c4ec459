import type { Block, Message } from '@parley/contracts';

type Writers = { readonly [Type in Block['type']]: (block: Extract<Block, { type: Type }>) => string };

const named = (word: string, title: string | undefined): string =>
  title === undefined ? `[${word}]` : `[${word}: ${title}]`;

/** What cannot be read as text is named; thoughts are nobody's but their model's. */
const writers: Writers = {
  text: ({ text }) => text,
  refusal: ({ text }) => text,
  reasoning: () => '',
  tool_call: ({ name, arguments: args }) => `[calls the tool ${name}: ${args}]`,
  tool_result: ({ content }) => `[the tool answers: ${lines(content)}]`,
  image: () => '[image]',
  document: ({ source, title }) => (source.kind === 'text' ? source.text : named('document', title)),
  vendor: ({ value: { type } }) => named('content', typeof type === 'string' ? type : undefined),
};

const line = (block: Block): string => (writers[block.type] as (block: Block) => string)(block);

const lines = (blocks: readonly Block[]): string =>
  blocks
    .map(line)
    .filter((text) => text !== '')
    .join('\n');

/** A message as text for whoever summarises it: any provider reads that, whatever the message is made of. */
export const transcriptOf = ({ role, name, content }: Message): string => `${name ?? role}: ${lines(content)}`;
