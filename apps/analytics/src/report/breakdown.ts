import { storedDay } from '@parley/contracts';
import { z } from 'zod';

/** A column that a report is broken down by, under the name that it has in the answer. */
export interface Dimension {
  readonly name: string;
  readonly kind: keyof typeof kinds;
}

/** What a report sums, and by which columns. */
export interface Breakdown {
  /** A table, or a select in brackets with a name. */
  readonly source: string;
  /** What counts; its parameters are `params`. */
  readonly where: string;
  readonly params: readonly unknown[];
  /** The aggregates of a row, with their names. */
  readonly sums: string;
  readonly dimensions: readonly Dimension[];
}

export interface Statement {
  readonly text: string;
  readonly params: readonly unknown[];
}

const nobody = `'00000000-0000-0000-0000-000000000000'::uuid`;

/** Rows are in the order of what `rank` makes of each column, ascending, so that one row comparison finds the next page. */
const kinds = {
  /** Newest first. */
  day: {
    type: 'date',
    rank: (value: string) => `(date '9999-12-31' - ${value})`,
    read: (column: string) => `to_char(${column}, 'YYYY-MM-DD') as ${column}`,
    schema: storedDay,
  },
  text: {
    type: 'text',
    rank: (value: string) => value,
    read: (column: string) => column,
    schema: z.string().regex(/^[\x21-\x7e]*$/),
  },
  /** Rows without an id first. */
  uuid: {
    type: 'uuid',
    rank: (value: string) => `coalesce(${value}, ${nobody})`,
    read: (column: string) => column,
    schema: z.uuid().nullable(),
  },
} as const;

/** What a cursor of this breakdown holds: the columns of the last row that was seen. */
export const cursorSchema = (dimensions: readonly Dimension[]): z.ZodType<readonly unknown[]> =>
  z.tuple(dimensions.map(({ kind }): z.ZodType => kinds[kind].schema) as [z.ZodType, ...z.ZodType[]]);

/** One row: the sums over all that counts. */
export const totalStatement = ({ source, where, params, sums }: Breakdown): Statement => ({
  text: `select ${sums} from ${source} where ${where}`,
  params,
});

/** The rows behind `after`, one more than `limit` where there are more. */
export function pageStatement(
  { source, where, params, sums, dimensions }: Breakdown,
  { after, limit }: { readonly after?: readonly unknown[] | undefined; readonly limit: number },
): Statement {
  const ranks = dimensions.map(({ name, kind }) => kinds[kind].rank(name)).join(', ');
  const last = dimensions.map(({ kind }, i) => kinds[kind].rank(`$${params.length + 1 + i}::${kinds[kind].type}`));
  const columns = dimensions.map(({ name, kind }) => kinds[kind].read(name));
  return {
    text: `select ${columns.join(', ')}, ${sums} from ${source}
      where ${where} ${after ? `and (${ranks}) > (${last.join(', ')})` : ''}
      group by ${dimensions.map(({ name }) => `report.${name}`).join(', ')}
      order by ${ranks} limit ${limit + 1}`,
    params: [...params, ...(after ?? [])],
  };
}
