import { z } from 'zod';
import type { ServiceName } from '../http/route.js';

/** One event type as published: its literal name carries the version, its schema is parsed on every receipt. */
export interface EventContract<T extends z.ZodType = z.ZodType> {
  readonly type: EventType;
  readonly data: T;
  /** One sentence for the AsyncAPI document. */
  readonly summary: string;
  /**
   * Names the field of a data that is one list and nothing else, of at most `maxListEntries`. Events of one tenant that
   * wait together go out as one, so each entry needs an id of its own, by which a subscriber counts it once.
   */
  readonly list?: string;
  /** Services that must miss none: their queues are there before the first event, even if they were never started. */
  readonly keptFor?: readonly ServiceName[];
}
export type EventType = `${string}.${string}.${string}.v${number}`;

export const defineEvent = <T extends z.ZodType>(
  type: EventType,
  summary: string,
  data: T,
  options: Pick<EventContract, 'list' | 'keptFor'> = {},
): EventContract<T> => ({ type, summary, data, ...options });

/** Entries of an event that is a list. */
export const maxListEntries = 500;

/** The topic exchange that carries every event; the routing key is the event's type. */
export const eventsExchange = 'parley.events';

/** CloudEvents 1.0, JSON format, with the tenant and the W3C trace context as extension attributes. */
export const envelope = z.object({
  specversion: z.literal('1.0'),
  id: z.uuid(),
  type: z.string(),
  /** `/parley/<service>` */
  source: z.string(),
  time: z.iso.datetime(),
  datacontenttype: z.literal('application/json'),
  tenantid: z.uuid(),
  traceparent: z.string().optional(),
  data: z.unknown(),
});
export type Envelope = z.infer<typeof envelope>;

/** A parsed event as a handler receives it. */
export interface EventOf<C extends EventContract> {
  readonly id: string;
  readonly type: C['type'];
  readonly time: Date;
  readonly tenantId: string;
  readonly data: z.infer<C['data']>;
}
