import { noTokens, type Block, type Completion, type CompletionRequest, type TokenCounts } from '@parley/contracts';

/** A token is about four characters of English (OpenAI’s rule of thumb). Used only where a provider gives no count. */
const charactersPerToken = 4;

export const tokensOfLength = (characters: number): number => Math.ceil(characters / charactersPerToken);

export const estimateInput = ({ messages, tools }: CompletionRequest): number =>
  tokensOfLength(JSON.stringify({ messages, tools }).length);

const lengthOf = (block: Block): number => {
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
};

/** For an answer that came without counts. */
export function estimateTokens(request: CompletionRequest, { choices }: Completion): TokenCounts {
  const characters = choices.flatMap(({ content }) => content.map(lengthOf)).reduce((sum, length) => sum + length, 0);
  return { ...noTokens, input: estimateInput(request), output: tokensOfLength(characters) };
}
