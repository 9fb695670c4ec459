import { styleText } from 'node:util';

type Format = Parameters<typeof styleText>[0];

/** Colours where the output is a terminal that wants them (NO_COLOR and FORCE_COLOR are honoured). */
export const style = (format: Format, text: string): string => styleText(format, text, { stream: process.stdout });

/** Colours that parts are told apart by, in the order in which they first speak. */
const partFormats: readonly Format[] = ['cyan', 'magenta', 'blue', 'yellow', 'green'];
const seen: string[] = [];

/** The part's name in a colour of its own, as wide as the others. */
export function label(part: string, width = 13): string {
  if (!seen.includes(part)) seen.push(part);
  return style(partFormats[seen.indexOf(part) % partFormats.length] ?? 'cyan', part.padEnd(width));
}
