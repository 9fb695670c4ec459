import { once } from 'node:events';
import { request as httpRequest, type IncomingMessage, type RequestListener } from 'node:http';
import type { Writable } from 'node:stream';
import { eventually } from '@parley/testing';
import type { ForwardOptions } from '../src/index.js';
import { assemble, listening, type Open } from './assembly.js';

export const mebibyte = 1024 * 1024;

export type EdgeSettings = Parameters<typeof assemble>[2] & Partial<Pick<ForwardOptions, 'headers' | 'readTimeoutMs'>>;

/** An edge that forwards everything to the instances, and answers an error with its code. `over` are its exchanges. */
export async function newEdge(open: Open, urls: readonly string[], settings: EdgeSettings = {}) {
  const { headers, readTimeoutMs, ...others } = settings;
  const { proxy } = await assemble(open, urls, others);
  const over: Promise<void>[] = [];
  const { url } = await listening(open, (request, response) => {
    const forwarded = proxy.forward('auth', request, response, {
      onError: (error, to) => to.writeHead(error.status).end(error.code),
      ...(headers && { headers }),
      ...(readTimeoutMs !== undefined && { readTimeoutMs }),
    });
    over.push(forwarded);
  });
  return { url, over };
}

/** An edge before one instance. */
export const edgeTo = async (open: Open, handler: RequestListener, settings?: EdgeSettings) =>
  newEdge(open, [(await listening(open, handler)).url], settings);

export interface Question {
  readonly method?: string;
  readonly path?: string;
  readonly headers?: Record<string, string>;
  readonly body?: Buffer | string;
}

/** A request on a connection of its own. */
export function begin(open: Open, url: string, { method = 'GET', path = '/', headers = {} }: Question = {}) {
  const request = httpRequest(new URL(path, url), { agent: false, method, headers });
  open.add(() => request.destroy());
  // How the connection ends shows in what the test waits for.
  request.on('error', () => undefined);
  return request;
}

/** The answer as soon as its head is there. */
export async function ask(open: Open, url: string, question: Question = {}): Promise<IncomingMessage> {
  const request = begin(open, url, question).end(question.body);
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  return response;
}

export const bytes = async (message: IncomingMessage): Promise<Buffer> => Buffer.concat(await message.toArray());

/** Status and body. */
export async function read(open: Open, url: string, question?: Question) {
  const response = await ask(open, url, question);
  return { status: response.statusCode, body: (await bytes(response)).toString() };
}

/** Writes `total` bytes as fast as they are taken; `written` tells how many were. */
export function pour(into: Writable, total: number) {
  const progress = { written: 0 };
  const more = (): void => {
    let taken = true;
    while (taken && progress.written < total) {
      progress.written += 65_536;
      taken = into.write(Buffer.alloc(65_536));
    }
    if (progress.written < total) into.once('drain', more);
    else into.end();
  };
  more();
  return progress;
}

/** Waits until a number has stopped growing. */
export async function standsStill(read: () => number): Promise<void> {
  let last = -1;
  await eventually(
    () => {
      const before = last;
      last = read();
      if (last !== before) throw new Error(`still growing: ${before} to ${last}`);
    },
    { intervalMs: 250 },
  );
}
