import { progressLine } from '../../tools/stack/terminal/progress.ts';
import type { Report } from '../../tools/stack/report.ts';

/** Progress goes to stderr: stdout is the report's. */
export const tell = (line: string): void => void process.stderr.write(`${line}\n`);

export const report: Report = (progress) => tell(progressLine(progress));
