import { AppError, maxQuestionChars, type Block, type CompletionRequest, type Message } from '@parley/contracts';

/** What the circle cannot do at all. Other fields that it does not know do no harm by being left out. */
const refused = ['tools', 'tool_choice', 'output'] as const satisfies readonly (keyof CompletionRequest)[];
const harmless = [
  'max_tokens',
  'temperature',
  'top_p',
  'stop',
  'effort',
  'parallel_tool_calls',
] as const satisfies readonly (keyof CompletionRequest)[];

const names = { system: 'Instructions', developer: 'Instructions', user: 'User', assistant: 'Assistant' } as const;

export interface CircleQuestion {
  readonly question: string;
  /** Fields of the request that were left out. */
  readonly dropped: readonly string[];
}

/**
 * The conversation as one question: the words themselves where there is nothing else, a transcript else.
 * @throws AppError model.unsupported_parameter for tools, output formats, content that is no text, and
 * a conversation that is too long for the experts.
 */
export function questionOf(request: CompletionRequest): CircleQuestion {
  const field = refused.find((name) => request[name] !== undefined && !isPlainText(request[name]));
  if (field !== undefined) throw unsupported(field);
  const dropped = harmless.filter((name) => request[name] !== undefined);
  const turns = request.messages.map((message) => ({ message, text: textOf(message) }));
  const [only] = turns;
  const question =
    turns.length === 1 && only?.message.role === 'user'
      ? only.text
      : turns.map(({ message, text }) => `${names[message.role]}: ${text}`).join('\n\n');
  if (question.trim() === '') throw unsupported('a question without words');
  if (question.length > maxQuestionChars)
    throw unsupported(`more than ${maxQuestionChars} characters; the conversation has ${question.length}`);
  return { question, dropped };
}

const isPlainText = (field: unknown): boolean =>
  typeof field === 'object' && field !== null && 'type' in field && field.type === 'text';

const textOf = ({ content }: Message): string => content.map(blockText).join('\n');

function blockText(block: Block): string {
  switch (block.type) {
    case 'text':
    case 'refusal':
      return block.text;
    case 'reasoning':
      return '';
    default:
      throw unsupported(`content of type ${block.type}`);
  }
}

const unsupported = (what: string) =>
  new AppError('model.unsupported_parameter', { detail: `The circle of experts does not take ${what}` });
