import { label, style } from './style.ts';

/** The fields of a service's JSON log line that a person wants to see; all else stays in the file. */
interface Entry {
  readonly level?: string;
  readonly time?: string;
  readonly msg?: string;
  /** These five are in the line of a request. */
  readonly method?: string;
  readonly endpoint?: string;
  readonly status?: number;
  readonly duration_ms?: number;
  readonly because?: string;
  /** A code of the table of errors. */
  readonly error?: string;
  readonly err?: { readonly message?: string };
}

/** One log line for people: time, part, what happened. A line that is not JSON is shown as it is. */
export function logLine(part: string, line: string): string {
  const entry = parse(line);
  if (!entry) return `${label(part)} ${line}`;
  const { level = 'info', time, err, error, because } = entry;
  const reasons = [error, because, err?.message].filter(Boolean).map((reason) => style('red', String(reason)));
  return [style('dim', clock(time)), label(part), severity(level), what(entry), ...reasons].filter(Boolean).join(' ');
}

function parse(line: string): Entry | undefined {
  if (!line.startsWith('{')) return undefined;
  try {
    return JSON.parse(line) as Entry;
  } catch {
    return undefined;
  }
}

function what({ msg = '', method, endpoint, status, duration_ms }: Entry): string {
  if (method === undefined || status === undefined) return msg;
  const took = style('dim', `${Math.round(duration_ms ?? 0)} ms`);
  return `${method} ${endpoint ?? ''} ${outcome(status)} ${took}`;
}

function outcome(status: number): string {
  if (status >= 500) return style('red', String(status));
  return style(status >= 400 ? 'yellow' : 'green', String(status));
}

const severities: Readonly<Record<string, string>> = {
  warn: style('yellow', 'warn'),
  error: style('red', 'error'),
  fatal: style('red', 'fatal'),
};
const severity = (level: string): string => severities[level] ?? '';

const clock = (time?: string): string =>
  time === undefined ? '' : new Date(time).toLocaleTimeString('en-GB', { hour12: false });
