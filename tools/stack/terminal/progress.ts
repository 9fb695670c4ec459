import type { Progress } from '../report.ts';
import { style } from './style.ts';

const marks = { working: style('dim', '·'), ready: style('green', '✓'), trouble: style('yellow', '!') } as const;

/** One line of progress: `  ✓ PostgreSQL     port 5442, 0.8 s`. */
export function progressLine({ part, kind, note }: Progress): string {
  return `  ${marks[kind]} ${part.padEnd(14)} ${kind === 'trouble' ? note : style('dim', note)}`;
}
