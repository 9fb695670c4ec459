import { setTimeout as sleep } from 'node:timers/promises';

/** What a reader of a session is told, in Parley's own format. */
export interface Frame {
  readonly type: string;
  readonly content?: string;
  readonly code?: string;
}

/** Reads a session along, as an application does: where its stream breaks off it goes on behind the last id. */
export interface Reader {
  /** The words of the answer, in the order in which they came. */
  readonly words: readonly string[];
  /** How often it had to go on. */
  readonly resumed: number;
  /** The frame that ended the turn. */
  readonly ended: Promise<Frame>;
}

interface Wanted {
  readonly session: string;
  readonly apiKey: string;
  /** Behind this id; from the beginning of the newest turn where there is none. */
  readonly after?: string;
}

const pauseMs = 100;
const withinMs = 90_000;

/** `urls` are asked in turn. */
export function readAlong(urls: readonly string[], { session, apiKey, after }: Wanted): Reader {
  const read = { text: '', resumed: 0, lastId: after };
  /** Until the stream ends, of itself or with the turn. */
  const readOne = async (url: string): Promise<Frame | undefined> => {
    for await (const { id, frame } of eventsOf(url, apiKey, read.lastId)) {
      read.lastId = id ?? read.lastId;
      if (frame.type === 'message') read.text += frame.content ?? '';
      else if (isEnd(frame, id)) return frame;
    }
    return undefined;
  };
  const follow = async (): Promise<Frame> => {
    const until = Date.now() + withinMs;
    for (let attempt = 0; Date.now() < until; attempt += 1) {
      const url = `${urls[attempt % urls.length] ?? ''}/v1/sessions/${session}/events`;
      const end = await readOne(url).catch(() => undefined);
      if (end) return end;
      read.resumed += 1;
      await sleep(pauseMs);
    }
    throw new Error(`The turn has not ended within ${withinMs} ms, after: …${read.text.slice(-80)}`);
  };
  return {
    get words() {
      return read.text.split(' ').filter((word) => word !== '');
    },
    get resumed() {
      return read.resumed;
    },
    ended: follow(),
  };
}

/** An error without an id is of the stream, not of the turn. */
const isEnd = ({ type }: Frame, id: string | undefined): boolean =>
  type === 'done' || (type === 'error' && id !== undefined);

interface Told {
  readonly id: string | undefined;
  readonly frame: Frame;
}

async function* eventsOf(url: string, apiKey: string, lastId: string | undefined): AsyncGenerator<Told> {
  const response = await fetch(url, {
    headers: { authorization: `Bearer ${apiKey}`, ...(lastId !== undefined && { 'last-event-id': lastId }) },
  });
  if (!response.ok || !response.body) throw new Error(`${response.status}`);
  let rest = '';
  for await (const part of response.body.pipeThrough(new TextDecoderStream())) {
    const events = (rest + part).split('\n\n');
    rest = events.pop() ?? '';
    for (const event of events) {
      const id = /^id: (.*)$/m.exec(event)?.[1];
      const data = /^data: (.*)$/m.exec(event)?.[1];
      if (data !== undefined) yield { id, frame: JSON.parse(data) as Frame };
    }
  }
}
