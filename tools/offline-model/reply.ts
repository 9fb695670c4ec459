import { directionsOf, withoutMarks, type Directions } from './directions.ts';
import type { OfferedTool, Question } from './question.ts';
import { quotedIn, sample } from './sample.ts';
import { countTokens, countUsage, type Usage } from './usage.ts';

export interface ToolCall {
  readonly id: string;
  readonly name: string;
  readonly input: unknown;
}

/** An answer, whichever wire format it goes out in. */
export interface Reply {
  readonly id: string;
  readonly model: string;
  readonly thought: string | undefined;
  /** The text as it is streamed, piece by piece. */
  readonly pieces: readonly string[];
  readonly calls: readonly ToolCall[];
  readonly stop: 'end' | 'length' | 'stop_sequence' | 'tool_calls' | 'refusal';
  readonly stopSequence: string | undefined;
  readonly usage: Usage;
}

const maxEcho = 300;

/** FNV-1a, so that the same question has the same id. */
function hash(text: string): string {
  let value = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) value = Math.imul(value ^ text.charCodeAt(index), 0x01000193);
  return (value >>> 0).toString(16).padStart(8, '0');
}

const shortened = (text: string): string => (text.length > maxEcho ? `${text.slice(0, maxEcho)}…` : text);

function words({ text, toolResults, turns }: Question): string {
  if (toolResults.length > 0) return `The tool answered: ${toolResults.map(shortened).join(' — ')}`;
  const asked = shortened(withoutMarks(text));
  const echo = asked === '' ? 'You sent no text.' : `You said: “${asked}”.`;
  const memory = turns > 1 ? ` This is turn ${turns} of our conversation.` : '';
  return `Hello! I am Parley’s offline model: I answer without a provider, always the same way. ${echo}${memory} Set ANTHROPIC_API_KEY or OPENAI_API_KEY and start again to talk to a real model.`;
}

/** Tools that the user names in the question, or the one that must be called. */
function wanted({ tools, text, mustCall, mayCallSeveral, toolResults }: Question): readonly OfferedTool[] {
  if (tools.length === 0) return [];
  const named = toolResults.length > 0 ? [] : tools.filter(({ name }) => text.includes(name));
  const forced =
    mustCall === undefined ? [] : tools.filter(({ name }) => mustCall === true || name === mustCall).slice(0, 1);
  const calls = named.length > 0 && typeof mustCall !== 'string' ? named : forced;
  return mayCallSeveral ? calls : calls.slice(0, 1);
}

/** Words with the space after them, so that they join to the text. */
const split = (text: string): string[] => text.match(/\S+\s*/g) ?? [text];

const numbered = (count: number): string[] => Array.from({ length: count }, (_, index) => `word${index} `);

/** Cuts at the first stop sequence, then at the token limit. */
function limit(
  text: string,
  { stopSequences, maxTokens }: Question,
): Pick<Reply, 'stop' | 'stopSequence'> & { text: string } {
  const found = stopSequences
    .map((sequence) => ({ sequence, at: text.indexOf(sequence) }))
    .filter(({ at }) => at >= 0)
    .sort((a, b) => a.at - b.at)[0];
  const kept = found ? text.slice(0, found.at) : text;
  if (maxTokens !== undefined && countTokens(kept.length) > maxTokens) {
    return { text: kept.slice(0, maxTokens * 4), stop: 'length', stopSequence: undefined };
  }
  return { text: kept, stop: found ? 'stop_sequence' : 'end', stopSequence: found?.sequence };
}

function textOf(question: Question, { deltas, fault, say }: Directions): string {
  if (fault === 'refusal') return 'I cannot help with that.';
  if (say !== undefined) return say;
  if (deltas !== undefined) return numbered(deltas).join('');
  if (question.answerSchema) return JSON.stringify(sample(question.answerSchema, 'answer', quotedIn(question.text)));
  return words(question);
}

/** The answer to a question: the same question is always answered alike. */
export function replyTo(question: Question, directions = directionsOf(question)): Reply {
  const id = hash(question.text + question.model);
  const quoted = quotedIn(question.text);
  const calls = wanted(question).map(({ name, schema }, index) => ({
    id: `call_${id}_${index}`,
    name,
    input: sample({ type: 'object', ...schema }, name, quoted),
  }));
  const { text, stop, stopSequence } = limit(calls.length > 0 ? '' : textOf(question, directions), question);
  const thought = question.thinks ? 'The user asks something; the offline model always says the same.' : undefined;
  return {
    id,
    model: question.model,
    thought,
    pieces: text === '' ? [] : split(text),
    calls,
    stop: calls.length > 0 ? 'tool_calls' : directions.fault === 'refusal' ? 'refusal' : stop,
    stopSequence,
    usage: countUsage(
      question,
      text.length + (calls.length > 0 ? JSON.stringify(calls).length : 0),
      thought?.length ?? 0,
    ),
  };
}
