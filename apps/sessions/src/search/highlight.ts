import type { SearchFragment } from '@parley/contracts';

const [open, close] = ['\u0001', '\u0002'];

/** Of one message; each has so many characters before and behind what was found. */
const maxFragments = 3;
const around = 80;
const longest = 400;
/** Of a message in which nothing is marked. */
const beginning = 200;

interface Range {
  readonly from: number;
  readonly to: number;
}

/** Where the marks stand, in places of the text without them. */
function rangesOf(marked: string): { readonly ranges: readonly Range[]; readonly length: number } {
  const ranges: Range[] = [];
  let [length, from] = [0, 0];
  for (const piece of marked.split(/([\u0001\u0002])/)) {
    if (piece === open) from = length;
    else if (piece === close) ranges.push({ from, to: length });
    else length += piece.length;
  }
  return { ranges, length };
}

/**
 * Cuts what was found out of a text, with some of what is around it. `marked` is the text with U+0001 before each match and
 * U+0002 behind it, and any character in place of each that is no word. What is cut out is the text's own, to the letter.
 */
export function fragmentsOf(text: string, marked: string): SearchFragment[] {
  const { ranges, length } = rangesOf(marked);
  // Not the same text: better without a match than with a wrong one.
  if (ranges.length === 0 || length !== text.length) return [cut(text, { from: 0, to: beginning }, [])];
  return windowsAround(ranges).map((window) => cut(text, window, ranges));
}

/** Matches that are near each other share one, up to a length. */
function windowsAround(ranges: readonly Range[]): Range[] {
  const windows: Range[] = [];
  for (const { from, to } of ranges) {
    const last = windows.at(-1);
    if (last && to + around - last.from <= longest && from - around <= last.to)
      windows[windows.length - 1] = { from: last.from, to: to + around };
    else if (windows.length === maxFragments) break;
    else windows.push({ from: Math.max(last?.to ?? 0, from - around), to: to + around });
  }
  return windows;
}

function cut(text: string, window: Range, ranges: readonly Range[]): SearchFragment {
  const [start, end] = [boundary(text, window.from), boundary(text, window.to)];
  const fragment: SearchFragment = [];
  const add = (from: number, to: number, match: boolean) => {
    if (to > from) fragment.push({ text: text.slice(from, to), match });
  };
  let at = start;
  for (const { from, to } of ranges.filter((range) => range.from >= start && range.to <= end)) {
    add(at, from, false);
    add(from, to, true);
    at = to;
  }
  add(at, end, false);
  return fragment;
}

/** Not within a character that is two units long. */
function boundary(text: string, at: number): number {
  if (at >= text.length) return text.length;
  const unit = text.charCodeAt(at);
  return unit >= 0xdc00 && unit <= 0xdfff ? at - 1 : at;
}
