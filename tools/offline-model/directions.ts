import type { Question } from './question.ts';

/** What the caller’s script asks for, by the model’s name or by a mark in the last user message. */
export interface Directions {
  readonly fault: string | undefined;
  /** Number of text deltas that the answer has; its own words where undefined. */
  readonly deltas: number | undefined;
  /** Pause before each delta, and before a plain answer. */
  readonly delayMs: number;
  readonly retryAfter: string | undefined;
}

const mark = /\[offline:([^\]]*)\]/;
const faultModel = /^offline-fault-(.+)$/;
const none: Directions = { fault: undefined, deltas: undefined, delayMs: 0, retryAfter: undefined };

/** `slow` is a pace and not a failure: enough that a reader sees the answer come. */
const slowMs = 100;
const maxDeltas = 10_000;

const pairs = (text: string): Partial<Record<string, string>> =>
  Object.fromEntries(
    text
      .trim()
      .split(/[\s,]+/)
      .map((pair) => pair.split('=', 2) as [string, string]),
  );

function marked(text: string, fault: string | undefined): Directions {
  const { fault: asked = fault, deltas, delay = '0', 'retry-after': retryAfter } = pairs(text);
  return {
    fault: asked,
    deltas: deltas === undefined ? undefined : Math.min(Number(deltas) || 0, maxDeltas),
    delayMs: Number(delay) || 0,
    retryAfter,
  };
}

/** Directions such as `[offline: fault=429 retry-after=3]` or `[offline: deltas=50 delay=20]`. */
export function directionsOf({ model, text }: Question): Directions {
  if (model === 'offline-slow') return { ...none, delayMs: slowMs };
  const fault = faultModel.exec(model)?.[1];
  const given = text.includes('[offline:') ? mark.exec(text)?.[1] : undefined;
  if (given !== undefined) return marked(given, fault);
  return fault === undefined ? none : { ...none, fault };
}

/** The text without the mark, which is not part of the question. */
export const withoutMark = (text: string): string =>
  text.includes('[offline:') ? text.replace(mark, '').trim() : text;
