import type { Question } from './question.ts';

/** What the caller’s script asks for, by the model’s name or by a mark in the last user message. */
export interface Directions {
  readonly fault: string | undefined;
  /** Number of text deltas that the answer has; its own words where undefined. */
  readonly deltas: number | undefined;
  /** Pause before each delta, and before a plain answer. */
  readonly delayMs: number;
  readonly retryAfter: string | undefined;
  /** The whole answer. */
  readonly say: string | undefined;
}

/** A mark with a word before the colon holds where the system prompt has that word; with `@name`, at that server or key. */
const mark = /\[offline(?: (@?[\w-]+))?:([^\]]*)\]/g;
/** `name=value`; a value with spaces stands in quotes. */
const pair = /([\w-]+)=(?:"([^"]*)"|([^\s,]+))/g;
/** Looked for first: most questions have no mark. */
const opening = '[offline';
const faultModel = /^offline-fault-(.+)$/;
const none: Directions = {
  fault: undefined,
  deltas: undefined,
  delayMs: 0,
  retryAfter: undefined,
  say: undefined,
};

/** `slow` is a pace and not a failure: enough that a reader sees the answer come. */
const slowMs = 100;
const maxDeltas = 10_000;

const pairs = (text: string): Partial<Record<string, string>> =>
  Object.fromEntries([...text.matchAll(pair)].map(([, name = '', quoted, plain]) => [name, quoted ?? plain ?? '']));

function marked(text: string, fault: string | undefined): Directions {
  const { fault: asked = fault, deltas, delay = '0', 'retry-after': retryAfter, say } = pairs(text);
  return {
    fault: asked,
    deltas: deltas === undefined ? undefined : Math.min(Number(deltas) || 0, maxDeltas),
    delayMs: Number(delay) || 0,
    retryAfter,
    say,
  };
}

const hasWord = (text: string, word: string): boolean => new RegExp(`(?<![\\w-])${word}(?![\\w-])`, 'i').test(text);

/** The mark that holds: the first whose word is in the system prompt, else the first without a word. */
function markFor({ text, system }: Question, as: readonly string[]): string | undefined {
  if (!text.includes(opening)) return undefined;
  const marks = [...text.matchAll(mark)].map(([, word, content = '']) => ({ word, content }));
  const holds = (word: string) => (word.startsWith('@') ? as.includes(word.slice(1)) : hasWord(system, word));
  const named = marks.find(({ word }) => word !== undefined && holds(word));
  return (named ?? marks.find(({ word }) => word === undefined))?.content;
}

/**
 * Directions such as `[offline: fault=429 retry-after=3]` or `[offline skeptic: say="New York" delay=20]`; `as` are the
 * names by which the server was asked.
 */
export function directionsOf(question: Question, as: readonly string[] = []): Directions {
  const { model } = question;
  if (model === 'offline-slow') return { ...none, delayMs: slowMs };
  const fault = faultModel.exec(model)?.[1];
  const given = markFor(question, as);
  if (given !== undefined) return marked(given, fault);
  return fault === undefined ? none : { ...none, fault };
}

/** The text without its marks, which are not part of the question. */
export const withoutMarks = (text: string): string => (text.includes(opening) ? text.replace(mark, '').trim() : text);
