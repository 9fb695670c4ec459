import { noTokens, type Block, type Completion, type CompletionRequest, type TokenCounts } from '@parley/contracts';

/** A token is about four characters of English (OpenAI’s rule of thumb). Used only where a provider gives no count. */
const charactersPerToken = 4;
/** What Anthropic counts at most for an image of its older models, and more than OpenAI does: width × height / 750. */
const charactersOfImage = 1_600 * charactersPerToken;
/** Of a page of PDF, some 75 KB in base64, vendors make about 2,000 tokens. */
const base64CharactersPerCharacter = 10;

export const tokensOfLength = (characters: number): number => Math.ceil(characters / charactersPerToken);

/** What a model wrote, in characters: of a whole answer’s block, and of a streamed one’s beginning. */
export function writtenLength(block: Block): number {
  switch (block.type) {
    case 'text':
    case 'reasoning':
    case 'refusal':
      return block.text.length;
    case 'tool_call':
      return block.name.length + block.arguments.length;
    default:
      return 0;
  }
}

/** What a model reads, in characters; an image or a file counts as the text that costs as much. */
function readLength(block: Block): number {
  switch (block.type) {
    case 'image':
      return charactersOfImage;
    case 'tool_result':
      return total(block.content);
    case 'document':
      return documentLength(block.source);
    case 'vendor':
      return JSON.stringify(block.value).length;
    default:
      return writtenLength(block);
  }
}

function documentLength(source: Extract<Block, { type: 'document' }>['source']): number {
  switch (source.kind) {
    case 'text':
      return source.text.length;
    case 'blocks':
      return total(source.content);
    case 'base64':
      return source.data.length / base64CharactersPerCharacter;
    default:
      // Nobody here has seen it.
      return charactersOfImage;
  }
}

const total = (blocks: readonly Block[]): number => blocks.reduce((sum, block) => sum + readLength(block), 0);

export const estimateInput = ({ messages, tools }: Pick<CompletionRequest, 'messages' | 'tools'>): number =>
  tokensOfLength(total(messages.flatMap(({ content }) => content)) + (tools ? JSON.stringify(tools).length : 0));

/** For an answer that came without counts. */
export function estimateTokens(request: CompletionRequest, { choices }: Pick<Completion, 'choices'>): TokenCounts {
  const written = choices.flatMap(({ content }) => content).reduce((sum, block) => sum + writtenLength(block), 0);
  return { ...noTokens, input: estimateInput(request), output: tokensOfLength(written) };
}
