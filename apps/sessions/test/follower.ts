import type { LiveFormat } from '@parley/contracts';
import { eventually } from '@parley/testing';
import type { Caller, Instance } from './sessions-under-test.js';

export interface Heard {
  readonly id: string | undefined;
  readonly event: string | undefined;
  readonly data: string;
}

interface Following {
  readonly format?: LiveFormat;
  readonly lastEventId?: string | undefined;
  /** In the query rather than in the header. */
  readonly inQuery?: boolean;
}

/** One who reads a session's live stream over HTTP. */
export class Follower {
  readonly heard: Heard[] = [];
  /** True once the stream has ended. */
  over = false;
  private readonly away = new AbortController();

  private constructor(readonly status: number) {}

  static async of(
    at: Instance,
    caller: Pick<Caller, 'token'>,
    sessionId: string,
    { format = 'parley', lastEventId, inQuery = false }: Following = {},
  ): Promise<Follower> {
    const place = lastEventId === undefined ? {} : { [inQuery ? 'last_event_id' : 'last-event-id']: lastEventId };
    const query = new URLSearchParams({ format, ...(inQuery && place) });
    const gone = new AbortController();
    const response = await fetch(`${at.url}/v1/sessions/${sessionId}/events?${query.toString()}`, {
      headers: { authorization: `Bearer ${caller.token}`, ...(!inQuery && place) },
      signal: gone.signal,
    });
    const follower = new Follower(response.status);
    follower.away.signal.addEventListener('abort', () => gone.abort());
    if (response.ok && response.body) void follower.read(response.body);
    else await response.body?.cancel();
    return follower;
  }

  get ids(): (string | undefined)[] {
    return this.heard.map(({ id }) => id);
  }

  /** What was heard, as JSON where it is. */
  get data(): unknown[] {
    return this.heard.map(({ data }) => (data.startsWith('{') ? (JSON.parse(data) as unknown) : data));
  }

  /** The text of the answers, in whichever format. */
  get text(): string {
    return wordsOf(this.data);
  }

  leave(): void {
    this.away.abort();
  }

  /** Waits until the stream has ended by itself. */
  async end(): Promise<this> {
    await eventually(() => {
      if (!this.over) throw new Error(`the stream goes on after ${JSON.stringify(this.data.at(-1))}`);
    });
    return this;
  }

  private async read(body: ReadableStream<Uint8Array>): Promise<void> {
    let rest = '';
    try {
      for await (const chunk of body.pipeThrough(new TextDecoderStream())) {
        const events = (rest + chunk).split('\n\n');
        rest = events.pop() ?? '';
        for (const event of events) this.take(event);
      }
    } catch (error) {
      if (!this.away.signal.aborted) throw error;
    }
    this.over = true;
  }

  private take(event: string): void {
    const field = (name: string) => new RegExp(`^${name}: (.*)$`, 'm').exec(event)?.[1];
    const data = field('data');
    if (data !== undefined) this.heard.push({ id: field('id'), event: field('event'), data });
  }
}

/** The text in frames of whichever format. */
export const wordsOf = (frames: readonly unknown[]): string => frames.map(textOf).join('');

interface AnyFrame {
  readonly type?: string;
  readonly content?: string;
  readonly choices?: readonly { readonly delta: { readonly content?: string | null } }[];
  readonly delta?: { readonly text?: string };
}

function textOf(frame: unknown): string {
  if (typeof frame !== 'object' || frame === null) return '';
  const { type, content, choices, delta }: AnyFrame = frame;
  if (type === 'message') return content ?? '';
  return choices?.[0]?.delta.content ?? delta?.text ?? '';
}
