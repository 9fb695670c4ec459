import { randomUUID } from 'node:crypto';
import type { EventContract } from '@parley/contracts';
import { textArray } from '@parley/persistence';
import { traceHeaders } from '@parley/service-kit';
import type { z } from 'zod';

/** An event's data may take at most this much as JSON: the broker holds messages in memory, and batches are the answer to volume. */
export const maxDataBytes = 1_000_000;

/** An event as it waits in the table `outbox`. */
export interface OutboxRow {
  readonly id: string;
  readonly type: string;
  readonly tenantId: string;
  /** JSON text, as it will be sent. */
  readonly data: string;
  readonly traceparent: string;
  /** How many entries the data has that is one list and nothing else; null for any other. */
  readonly entries: number | null;
}

/**
 * Makes the row of one event; `traceparent` is the current request's unless given.
 * @throws Error when the data does not fit the contract or is over 1 MB: the producer's fault, found before the commit.
 */
export function outboxRow<C extends EventContract>(
  contract: C,
  tenantId: string,
  data: z.input<C['data']>,
  traceparent?: string,
): OutboxRow {
  const parsed = contract.data.parse(data);
  return rowOf(contract, tenantId, { data: JSON.stringify(parsed), entries: entriesOf(contract, parsed) }, traceparent);
}

/**
 * As `outboxRow`, of a list whose entries are JSON text already, for writers of many: that they fit the contract is for
 * the caller to see to.
 */
export function outboxList(
  contract: EventContract,
  tenantId: string,
  entries: readonly string[],
  traceparent?: string,
): OutboxRow {
  if (contract.list === undefined) throw new TypeError(`${contract.type} is no list`);
  const data = `{${JSON.stringify(contract.list)}:[${entries.join()}]}`;
  return rowOf(contract, tenantId, { data, entries: entries.length }, traceparent);
}

function rowOf(
  { type }: EventContract,
  tenantId: string,
  event: Pick<OutboxRow, 'data' | 'entries'>,
  traceparent = traceHeaders().traceparent,
): OutboxRow {
  const bytes = Buffer.byteLength(event.data);
  if (bytes > maxDataBytes) throw new RangeError(`${type} has ${bytes} bytes, over the limit of ${maxDataBytes}`);
  return { id: randomUUID(), type, tenantId, traceparent, ...event };
}

/** The relay joins lists as text, so nothing may stand beside one. */
function entriesOf({ type, list }: EventContract, data: unknown): number | null {
  if (list === undefined) return null;
  const [[field, entries] = [], ...rest] = Object.entries(data as object) as [string, unknown][];
  if (field !== list || !Array.isArray(entries) || rest.length > 0)
    throw new TypeError(`${type} says that its data is the list ${list} alone`);
  return entries.length;
}

/** The insertion of many events as a part of a larger statement: six array parameters, from `$from` on. */
export const outboxInsert = {
  sql: (from: number): string =>
    `insert into outbox (id, type, tenant_id, data, traceparent, entries) ` +
    `select * from unnest($${from}::uuid[], $${from + 1}::text[], $${from + 2}::uuid[], $${from + 3}::text[], $${from + 4}::text[], $${from + 5}::int[])`,
  params: (rows: readonly OutboxRow[]): unknown[] => [
    rows.map((row) => row.id),
    rows.map((row) => row.type),
    rows.map((row) => row.tenantId),
    textArray(rows.map((row) => row.data)),
    rows.map((row) => row.traceparent),
    rows.map((row) => row.entries),
  ],
};
