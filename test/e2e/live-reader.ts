import type { LiveFormat } from '@parley/contracts';

/** One event of a session's live stream. */
export interface LiveEvent {
  readonly id: string;
  /** What it says of the answer; empty for what only says where the answer stands. */
  readonly text: string;
  readonly data: Record<string, unknown>;
  /** That its turn has ended. */
  readonly isLast: boolean;
}

export interface Reading {
  /** Which sessions instance, or the edge. */
  readonly at: string;
  readonly token: string;
  readonly session: string;
  readonly format: LiveFormat;
  /** The event that was read last. */
  readonly after?: string | undefined;
}

const texts: Readonly<Record<LiveFormat, (data: Record<string, unknown>) => string | undefined>> = {
  parley: ({ type, content }) => (type === 'message' ? (content as string) : ''),
  openai: ({ choices }) => (choices as { delta: { content?: string } }[] | undefined)?.[0]?.delta.content,
  anthropic: ({ delta }) => (delta as { text?: string } | undefined)?.text,
};

const endings: Readonly<Record<LiveFormat, RegExp>> = {
  parley: /^data: \{"type":"(done|error)"/m,
  openai: /^data: (\[DONE\]|\{"error":)/m,
  anthropic: /^event: (message_stop|error)$/m,
};

/** The events of a session from `after` on, to the end of the turn that they begin with. */
export async function* events(reading: Reading): AsyncGenerator<LiveEvent, void, void> {
  for await (const event of follow(reading)) {
    yield event;
    if (event.isLast) return;
  }
}

/** The events of a session from `after` on, for as long as there are any. */
export async function* follow({ at, token, session, format, after }: Reading): AsyncGenerator<LiveEvent, void, void> {
  const response = await fetch(`${at}/v1/sessions/${session}/events?format=${format}`, {
    headers: { authorization: `Bearer ${token}`, ...(after !== undefined && { 'last-event-id': after }) },
  });
  if (!response.ok || !response.body) throw new Error(`events answered ${response.status}: ${await response.text()}`);
  let rest = '';
  for await (const chunk of response.body.pipeThrough(new TextDecoderStream())) {
    const parts = (rest + chunk).split('\n\n');
    rest = parts.pop() ?? '';
    for (const part of parts.filter((one) => /^data: /m.test(one))) yield eventOf(part, format);
  }
}

function eventOf(part: string, format: LiveFormat): LiveEvent {
  const field = (name: string) => new RegExp(`^${name}: (.*)$`, 'm').exec(part)?.[1];
  const written = field('data') ?? '';
  const data = written.startsWith('{') ? (JSON.parse(written) as Record<string, unknown>) : {};
  return { id: field('id') ?? '', text: texts[format](data) ?? '', data, isLast: endings[format].test(part) };
}
