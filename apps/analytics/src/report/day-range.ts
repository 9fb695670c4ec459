import { AppError } from '@parley/contracts';

const dayMs = 86_400_000;
const defaultDays = 30;
const maxDays = 366;

/** UTC days, both included, as `YYYY-MM-DD`. */
export interface DayRange {
  readonly from: string;
  readonly to: string;
}

/**
 * The range a query asks for: up to today, and 30 days long where it names no start.
 * @throws AppError request.invalid when it ends before it starts, spans more than 366 days or starts before the year 1.
 */
export function resolveRange(
  query: { readonly from?: string | undefined; readonly to?: string | undefined },
  now: Date,
): DayRange {
  const to = query.to ?? toDay(now);
  const from = query.from ?? toDay(new Date(Date.parse(to) - (defaultDays - 1) * dayMs));
  const days = (Date.parse(to) - Date.parse(from)) / dayMs + 1;
  // PostgreSQL has no year 0, and before it the text is no day.
  if (from < '0001') throw invalid(query.from === undefined ? 'to' : 'from', 'must be of a later year');
  if (days < 1) throw invalid('from', 'must not be after `to`');
  if (days > maxDays) throw invalid('from', `must be at most ${maxDays} days before \`to\``);
  return { from, to };
}

/** The UTC day of a moment, as `YYYY-MM-DD`. */
export const toDay = (date: Date): string => date.toISOString().slice(0, 10);
const invalid = (path: string, message: string) => new AppError('request.invalid', { fields: [{ path, message }] });
