import { hash } from 'node:crypto';
import { maxListEntries } from '@parley/contracts';
import { maxDataBytes } from '../outbox/outbox-row.js';
import type { Outgoing } from './publisher.js';

/** A row of the outbox, as read. */
export interface StoredEvent extends Outgoing {
  readonly position: string;
  /** Of a data that is one list and nothing else, such as `{"records":[…]}`. */
  readonly entries: number | null;
  /** Of the data. */
  readonly bytes: number;
}

/** An event and the rows that it was made of. */
interface Joined extends Outgoing {
  readonly positions: readonly string[];
}

/** Rows that go out as one event. */
interface Group {
  readonly rows: StoredEvent[];
  entries: number;
  bytes: number;
}

/**
 * Makes one event of the lists of one type and tenant: what each event costs a broker and its consumers, a message and a
 * transaction, is then shared by hundreds of entries. All other events stay as they are, and all keep their order.
 */
export function joinLists(events: readonly StoredEvent[]): Joined[] {
  const groups: Group[] = [];
  const open = new Map<string, Group>();
  for (const event of events) {
    const { entries, bytes } = event;
    const key = `${event.type} ${event.tenant_id}`;
    const group = entries === null ? undefined : open.get(key);
    if (group && entries !== null && group.entries + entries <= maxListEntries && group.bytes + bytes <= maxDataBytes) {
      group.rows.push(event);
      group.entries += entries;
      group.bytes += bytes;
      continue;
    }
    const begun = { rows: [event], entries: entries ?? 0, bytes };
    groups.push(begun);
    if (entries !== null) open.set(key, begun);
  }
  return groups.flatMap(({ rows }) => joined(rows));
}

function joined(rows: readonly StoredEvent[]): Joined[] {
  const [first] = rows;
  if (first === undefined) return [];
  const positions = rows.map(({ position }) => position);
  return [rows.length === 1 ? { ...first, positions } : { ...first, positions, id: idOf(rows), data: dataOf(rows) }];
}

/** As text: parsing hundreds of entries to write them again would be most of the relay's work. */
function dataOf([first, ...rest]: readonly StoredEvent[]): string {
  const { data = '' } = first ?? {};
  const head = data.indexOf('[') + 1;
  return `${data.slice(0, -2)}${rest.map((row) => `,${row.data.slice(head, -2)}`).join('')}]}`;
}

/** The same for the same rows, should they be sent again: a UUID of version 8 (RFC 9562 §5.8) out of theirs. */
function idOf(rows: readonly StoredEvent[]): string {
  const hex = hash('sha256', rows.map(({ id }) => id).join());
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
