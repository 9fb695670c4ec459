import { Agent, request } from 'undici';

/** When each word of an answer came, by its number, in milliseconds of this process; and what should not have come. */
export interface Heard {
  readonly at: readonly (number | undefined)[];
  /** Words that came twice. */
  readonly doubles: number;
}

/** An answer, or a session, as a stream of server-sent events. */
export interface Stream {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Posted where there is one. */
  readonly body?: string;
  /** Reading ends with what contains it. */
  readonly end: string;
}

/** Enough for all streams and all who read them, each on a connection of its own. */
const dispatcher = new Agent({ connections: null, bodyTimeout: 0, headersTimeout: 60_000 });

/** Reads to the end; `onWord` is called with each word as it comes. */
export async function follow({ url, headers, body, end }: Stream, onWord: () => void): Promise<Heard> {
  const response = await request(url, {
    method: body === undefined ? 'GET' : 'POST',
    headers: { ...headers, ...(body !== undefined && { 'content-type': 'application/json' }) },
    ...(body !== undefined && { body }),
    dispatcher,
  });
  if (response.statusCode !== 200)
    throw new Error(`${url} answers ${response.statusCode}: ${await response.body.text()}`);
  const at: (number | undefined)[] = [];
  let [doubles, rest] = [0, ''];
  for await (const chunk of response.body as AsyncIterable<Buffer>) {
    const now = performance.now();
    const text = rest + chunk.toString();
    const whole = text.lastIndexOf('\n') + 1;
    rest = text.slice(whole);
    for (const [, number] of text.slice(0, whole).matchAll(/word(\d+) /g)) {
      if (at[Number(number)] !== undefined) doubles += 1;
      at[Number(number)] ??= now;
      onWord();
    }
    if (text.includes(end)) break;
  }
  return { at, doubles };
}
