import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { StackFailure } from '../failure.ts';
import { logFile } from '../home.ts';
import { follow } from '../terminal/follow.ts';
import { logLine } from '../terminal/log-line.ts';

/** Lines shown of one part, and of each where all are shown. */
const linesOfOne = 200;
const linesOfEach = 20;

/** `logs [part]`: the last lines, and with `--follow` those to come. */
export function logs(home: string, part: string | undefined, onwards: boolean): void {
  const there = existsSync(join(home, 'logs')) ? readdirSync(join(home, 'logs')) : [];
  const parts = there.filter((file) => file.endsWith('.log')).map((file) => file.slice(0, -'.log'.length));
  if (part !== undefined && !parts.includes(part)) {
    throw new StackFailure(
      `There is no log of "${part}"; there ${parts.length === 0 ? 'are none yet' : `are ${parts.join(', ')}`}.`,
    );
  }
  const lines = part === undefined ? linesOfEach : linesOfOne;
  for (const name of part === undefined ? parts : [part]) {
    follow(logFile(home, name), (line) => console.log(logLine(name, line)), { lines, onwards });
  }
}
