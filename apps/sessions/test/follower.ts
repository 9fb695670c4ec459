import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
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

/** One who reads a session's live stream over HTTP, on a connection of its own. */
export class Follower {
  readonly heard: Heard[] = [];
  /** True once the stream has ended. */
  over = false;
  private rest = '';

  private constructor(private readonly response: IncomingMessage) {
    response.setEncoding('utf8');
    response.on('data', (text: string) => this.read(text));
    response.on('close', () => (this.over = true));
    // The connection of one who leaves is reset.
    response.on('error', () => undefined);
  }

  /** There once the first of the stream is, or the refusal. */
  static async of(
    at: Instance,
    caller: Pick<Caller, 'token'>,
    id: string,
    following: Following = {},
  ): Promise<Follower> {
    const { format = 'parley', lastEventId, inQuery = false } = following;
    const place = lastEventId === undefined ? {} : { [inQuery ? 'last_event_id' : 'last-event-id']: lastEventId };
    const query = new URLSearchParams({ format, ...(inQuery && place) });
    const headers = { authorization: `Bearer ${caller.token}`, ...(!inQuery && place) };
    const asked = get(`${at.url}/v1/sessions/${id}/events?${query.toString()}`, { headers, agent: false });
    const [response] = (await once(asked, 'response')) as [IncomingMessage];
    return new Follower(response);
  }

  get status(): number | undefined {
    return this.response.statusCode;
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
    this.response.destroy();
  }

  /** Waits until the stream has ended by itself. */
  async end(): Promise<this> {
    await eventually(() => {
      if (!this.over) throw new Error(`the stream goes on after ${JSON.stringify(this.data.at(-1))}`);
    });
    return this;
  }

  private read(text: string): void {
    const events = (this.rest + text).split('\n\n');
    this.rest = events.pop() ?? '';
    for (const event of events) this.take(event);
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
