import { label, style } from './style.ts';

/** The fields of a service's JSON log line (pino) that a person wants to see; all else stays in the file. */
interface Entry {
  readonly level?: number;
  readonly time?: number | string;
  readonly msg?: string;
  readonly method?: string;
  readonly url?: string;
  readonly route?: string;
  readonly status?: number;
  readonly duration_ms?: number;
  readonly err?: { readonly message?: string };
}

/** One log line for people: time, part, what happened. A line that is not JSON is shown as it is. */
export function logLine(part: string, line: string): string {
  const entry = parse(line);
  if (!entry) return `${label(part)} ${line}`;
  return [style('dim', clock(entry.time)), label(part), severity(entry.level), what(entry)].filter(Boolean).join(' ');
}

function parse(line: string): Entry | undefined {
  if (!line.startsWith('{')) return undefined;
  try {
    return JSON.parse(line) as Entry;
  } catch {
    return undefined;
  }
}

function what({ msg, method, url, route, status, duration_ms, err }: Entry): string {
  const request = method === undefined ? '' : `${method} ${url ?? route ?? ''}`;
  const outcome =
    status === undefined ? '' : style(status >= 500 ? 'red' : status >= 400 ? 'yellow' : 'green', String(status));
  const took = duration_ms === undefined ? '' : style('dim', `${Math.round(duration_ms)} ms`);
  return [msg, request, outcome, took, err?.message && style('red', err.message)].filter(Boolean).join(' ');
}

/** pino's numbers: 40 warn, 50 error, 60 fatal. */
function severity(level = 30): string {
  if (level >= 50) return style('red', 'error');
  if (level >= 40) return style('yellow', 'warn ');
  return '';
}

const clock = (time?: number | string): string =>
  time === undefined ? '' : new Date(time).toLocaleTimeString('en-GB', { hour12: false });
