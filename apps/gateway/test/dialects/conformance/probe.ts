import type { CompletionRequest } from '@parley/contracts';
import type { ModelProvider } from '@parley/llm';
import type { Recorded, RecordingServer } from '../recording-server.ts';
import type { Answered, Asked, Form } from './feature.ts';
import { holds } from './holds.ts';
import { wholeAnswer } from './provider-wire.ts';
import { streamedReading, wholeReading } from './readings.ts';
import type { Surface } from './surfaces.ts';
import type { Target } from './targets.ts';

/** What became of a feature on its way: `lost` is what must never be. */
export interface Cell {
  readonly outcome: 'kept' | 'dropped' | 'refused' | 'lost';
  /** In which other words it was kept, or which fields were dropped or refused. */
  readonly note: string;
}

const { signal } = new AbortController();
const json = (value: unknown): string => JSON.stringify(value);

interface Refusal {
  readonly code?: string;
  readonly text?: { readonly fields?: readonly { readonly path: string }[] };
}

/** Any other error is the probe's own mistake. */
function refused(error: unknown): Cell {
  const { code, text } = error as Refusal;
  if (code !== 'model.unsupported_parameter') throw error;
  return { outcome: 'refused', note: text?.fields?.[0]?.path ?? '' };
}

/** Asks a provider in a dialect, and looks at what arrived; undefined where the dialect has no words for the feature. */
export async function probeAsked(
  { forms, told, headers = {} }: Asked,
  { name, base, dialect }: Surface,
  { name: targetName, wire, provider }: Target,
  server: RecordingServer,
): Promise<Cell | undefined> {
  const said = forms[name];
  if (!said) return undefined;
  server.answer(json(wholeAnswer(wire, {})));
  try {
    const dropped = await droppedOf(() => dialect.read(JSON.parse(json({ ...base, ...said })), headers), provider);
    if (dropped.length > 0) return { outcome: 'dropped', note: dropped.join(', ') };
  } catch (error) {
    return refused(error);
  }
  const { form = forms[wire], as: note = '' } = told?.[targetName] ?? {};
  return arrived(server.last(), form, headers) ? { outcome: 'kept', note } : lost(server.last().body);
}

/** What dialect and provider left out. */
async function droppedOf(read: () => CompletionRequest, provider: ModelProvider): Promise<string[]> {
  const request = read();
  const { dropped } = await provider.complete(request, { signal });
  return [...(request.dropped ?? []), ...dropped];
}

const lost = (instead: unknown): Cell => ({ outcome: 'lost', note: json(instead) });

const arrived = ({ body, headers: sent }: Recorded, form: Form | undefined, headers: Form): boolean =>
  form !== undefined && holds(body, form) && Object.keys(headers).every((field) => sent[field] === headers[field]);

/** What a client of a dialect reads of what a provider said; undefined where the dialect has no words for it. */
function expectedOf({ forms, read, responses }: Answered, { name }: Surface, { wire }: Target): Form | undefined {
  if (name === wire) return forms[wire];
  return (name === 'responses' ? responses?.[wire] : undefined) ?? read?.[name] ?? forms[name];
}

/** Has a provider answer, and looks at what the client reads; undefined where provider or dialect never says it. */
export async function probeAnswered(
  row: Answered,
  surface: Surface,
  target: Target,
  server: RecordingServer,
): Promise<Cell | undefined> {
  const said = row.forms[target.wire];
  const expected = expectedOf(row, surface, target);
  if (!said || !expected) return undefined;
  for (const read of [wholeReading, streamedReading]) {
    const reading = await read(said, surface, target, server);
    if (!holds(reading, expected)) return lost(reading);
  }
  return { outcome: 'kept', note: '' };
}
