import { envelope, type EventContract, type EventOf } from '@parley/contracts';
import type { z } from 'zod';

/** A message as it was understood. */
export type Incoming =
  | { readonly kind: 'event'; readonly event: EventOf<EventContract>; readonly traceparent: string | undefined }
  /** Not subscribed here; during a roll-out, perhaps by the next version of this service. */
  | { readonly kind: 'unknown'; readonly because: string }
  | { readonly kind: 'invalid'; readonly because: string };

const invalid = (because: string): Incoming => ({ kind: 'invalid', because });
const firstIssue = ({ issues: [issue] }: z.ZodError): string =>
  issue === undefined ? 'unknown' : `${issue.path.join('.') || 'the message'}: ${issue.message}`;

export function readMessage(content: Buffer, contracts: ReadonlyMap<string, EventContract>): Incoming {
  let json: unknown;
  try {
    json = JSON.parse(content.toString('utf8'));
  } catch {
    return invalid('It is not JSON');
  }
  const parsed = envelope.safeParse(json);
  if (!parsed.success) return invalid(`It is no CloudEvent of ours: ${firstIssue(parsed.error)}`);
  const { id, type, time, tenantid, traceparent } = parsed.data;
  const contract = contracts.get(type);
  if (contract === undefined) return { kind: 'unknown', because: `No handler for ${type}` };
  const data = contract.data.safeParse(parsed.data.data);
  if (!data.success) return invalid(`Its data does not fit ${type}: ${firstIssue(data.error)}`);
  const event = { id, type: contract.type, time: new Date(time), tenantId: tenantid, data: data.data };
  return { kind: 'event', event, traceparent };
}
