import { optionMentioned, optionThatIs } from './options.js';

/** The line that an expert is told to end with. */
const answerLine = /^[>#*_`~\- \t]*(?:(?:my|the|final) )*answer[*_`~ \t]*[:：](.*)$/iu;

/**
 * The option that an expert votes for, undefined where it chooses none or several. In this order: the field `answer`
 * where the whole text is JSON, the last line `ANSWER: …`, a JSON object within the text, the text as a whole, and at last
 * the single option that it mentions. What comes first decides, also when it is none of the options.
 */
export function readVote(text: string, options: readonly string[]): string | undefined {
  const stated = answerField(unfenced(text)) ?? lastAnswerLine(text) ?? embeddedAnswer(text) ?? text;
  return optionThatIs(stated, options) ?? optionMentioned(stated, options);
}

/** What follows `ANSWER:`, in its line or, where that is empty, in the next that is not. */
function lastAnswerLine(text: string): string | undefined {
  const lines = text.split(/\r?\n/u);
  const at = lines.findLastIndex((line) => answerLine.test(line));
  if (at < 0) return undefined;
  const rest = answerLine.exec(lines[at] ?? '')?.[1] ?? '';
  return /[\p{L}\p{N}]/u.test(rest) ? rest : (lines.slice(at + 1).find((line) => line.trim() !== '') ?? rest);
}

/** The content of a fenced code block that is all there is. */
function unfenced(text: string): string {
  const trimmed = text.trim();
  if (!trimmed.startsWith('```') || !trimmed.endsWith('```')) return trimmed;
  return trimmed.slice(trimmed.indexOf('\n') + 1, -3);
}

function embeddedAnswer(text: string): string | undefined {
  const objects = text.match(/\{[^{}]*\}/gu) ?? [];
  return objects.map(answerField).findLast((answer) => answer !== undefined);
}

/** The field `answer` of a JSON object, in any case. */
function answerField(json: string): string | undefined {
  if (!json.startsWith('{')) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    return undefined;
  }
  const fields = Object.entries(value as Record<string, unknown>);
  const answer = fields.find(([name]) => name.toLowerCase() === 'answer')?.[1];
  return ['string', 'number', 'boolean'].includes(typeof answer) ? String(answer) : undefined;
}
