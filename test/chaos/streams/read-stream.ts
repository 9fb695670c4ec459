import { once } from 'node:events';
import { Agent, request, type IncomingMessage } from 'node:http';

/** What is asked, of the platform or of its upstream. */
export interface Question {
  readonly url: string;
  readonly key: string;
  readonly body: string;
  /** Words that the answer has: `word0 word1 …`. */
  readonly words: number;
}

/** What a reader of one stream has seen. */
export interface Seen {
  readonly id: string;
  /** Why the answer is not whole and in order; undefined where it is. */
  readonly fault?: string;
  /** As the last chunk tells it. */
  readonly usage?: { readonly prompt_tokens: number; readonly completion_tokens: number };
  /** How long each word but the first came after the one before. */
  readonly gapsMs: readonly number[];
}

const agent = new Agent({ maxSockets: Infinity });
const word = /"content":"word(\d+) "/;

/** Reads one stream to its end with an eye on the clock. */
export async function readStream({ url, key, body, words }: Question, id: string): Promise<Seen> {
  const reading = new Reading(words);
  try {
    const response = await ask(url, key, id, body);
    if (response.statusCode !== 200) throw new Error(`status ${response.statusCode ?? 0}`);
    response.setEncoding('utf8');
    for await (const text of response as AsyncIterable<string>) reading.read(text);
    return { id, ...reading.seen() };
  } catch (error) {
    return { id, ...reading.seen(), fault: String(error) };
  }
}

async function ask(url: string, key: string, id: string, body: string): Promise<IncomingMessage> {
  const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json', 'x-request-id': id };
  const sent = request(`${url}/v1/chat/completions`, { method: 'POST', agent, headers });
  sent.end(body);
  const [response] = (await once(sent, 'response')) as [IncomingMessage];
  return response;
}

/** One answer as it comes in. */
class Reading {
  private rest = '';
  private next = 0;
  private lastAt = 0;
  private readonly gapsMs: number[] = [];
  private usage: Seen['usage'];
  private done = false;

  private readonly words: number;

  constructor(words: number) {
    this.words = words;
  }

  read(text: string): void {
    const events = (this.rest + text).split('\n\n');
    this.rest = events.pop() ?? '';
    for (const event of events) this.readEvent(event);
  }

  seen(): Omit<Seen, 'id'> {
    const whole = this.done && this.next === this.words;
    return {
      gapsMs: this.gapsMs,
      ...(this.usage && { usage: this.usage }),
      ...(!whole && { fault: `${this.next} words of ${this.words}, ${this.done ? 'with' : 'without'} an end` }),
    };
  }

  private readEvent(event: string): void {
    const number = word.exec(event)?.[1];
    if (number !== undefined) this.readWord(Number(number));
    else if (event === 'data: [DONE]') this.done = true;
    else if (event.startsWith('data: ')) this.readOther(event.slice('data: '.length));
  }

  private readWord(number: number): void {
    if (number !== this.next) throw new Error(`word ${number} in place of ${this.next}`);
    const now = performance.now();
    if (number > 0) this.gapsMs.push(Math.round(now - this.lastAt));
    this.lastAt = now;
    this.next += 1;
  }

  private readOther(data: string): void {
    const { usage, error } = JSON.parse(data) as { usage?: Seen['usage'] | null; error?: { message: string } };
    if (error) throw new Error(error.message);
    if (usage) this.usage = usage;
  }
}
