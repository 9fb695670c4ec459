/**
 * How far an answer was told: all before a block, and of the block itself so many characters of its text, or -1 where it
 * has not begun. A place in the answer means the same whoever tells it, from whatever source, in whatever pieces.
 */
export interface Place {
  readonly block: number;
  readonly offset: number;
}

/** Nothing was told. */
export const nothing: Place = { block: -2, offset: -1 };
/** That there is a turn was told. */
export const turnTold: Place = { block: -1, offset: -1 };
/** That the answer ended was told. */
export const theEnd: Place = { block: Infinity, offset: -1 };

export const isBefore = (a: Place, b: Place): boolean =>
  a.block === b.block ? a.offset < b.offset : a.block < b.block;

/** A place in a session: in which turn, where, and how many frames of what comes there were told already. */
export interface Bookmark {
  readonly turnId: string;
  readonly place: Place;
  readonly frames: number;
}

const form = /^([\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12})(?:\.(?:(end)|(\d{1,6})(?:\.(\d{1,9}))?))?(?:\+(\d{1,6}))?$/;

/** The id of an event: `<turn>`, `<turn>.<block>`, `<turn>.<block>.<offset>` or `<turn>.end`, and `+<frames>` within. */
export function writeBookmark({ turnId, place: { block, offset }, frames }: Bookmark): string {
  const within = frames === 0 ? '' : `+${frames}`;
  if (block < 0) return turnId + within;
  if (block === Infinity) return `${turnId}.end${within}`;
  return `${turnId}.${block}${offset < 0 ? '' : `.${offset}`}${within}`;
}

/** Undefined for what is no id of an event. */
export function readBookmark(text: string): Bookmark | undefined {
  const [, turnId, end, block, offset, frames] = form.exec(text) ?? [];
  if (turnId === undefined) return undefined;
  return { turnId, place: readPlace(end, block, offset), frames: Number(frames ?? 0) };
}

function readPlace(end: string | undefined, block: string | undefined, offset: string | undefined): Place {
  if (end !== undefined) return theEnd;
  return block === undefined ? turnTold : { block: Number(block), offset: Number(offset ?? -1) };
}
