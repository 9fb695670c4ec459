import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { anthropic, anthropicTokenCount } from './anthropic.ts';
import { directionsOf } from './directions.ts';
import { embeds, openaiEmbeddings } from './embeddings.ts';
import { playFault } from './faults.ts';
import { isServed } from './models.ts';
import { openai } from './openai.ts';
import type { Question } from './question.ts';
import { replyTo } from './reply.ts';
import type { Wire } from './wire.ts';

const json = { 'content-type': 'application/json' };
const eventStream = { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-cache' };
/** As the gateway’s own limit. */
const maxBodyBytes = 32 * 1024 * 1024;

const questions: Readonly<Record<string, Wire>> = {
  '/v1/messages': anthropic,
  '/v1/messages/count_tokens': anthropicTokenCount,
  '/v1/chat/completions': openai,
  '/v1/embeddings': openaiEmbeddings,
};

/** One process stands for several servers: `/as/<name>/v1/…` is the one of that name, with a cache of its own. */
const named = /^\/as\/([a-z0-9-]+)(\/.*)$/;

function addressOf({ url = '/' }: IncomingMessage): { readonly name: string; readonly path: string } {
  const whole = url.split('?', 1)[0] ?? '/';
  const [, name = '', path = whole] = named.exec(whole) ?? [];
  return { name, path };
}

const keyOf = ({ headers }: IncomingMessage): string =>
  (headers.authorization?.replace(/^Bearer /, '') ?? headers['x-api-key']?.toString()) || '';

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > maxBodyBytes) throw new RangeError('the body is too large');
    chunks.push(chunk);
  }
  return chunks.length === 1 ? String(chunks[0]) : Buffer.concat(chunks).toString();
}

function send(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { ...json, 'content-length': Buffer.byteLength(text) });
  response.end(text);
}

/** Sends the events at once, or each after its pause until the reader has gone. */
async function stream(response: ServerResponse, events: readonly string[], delayMs: number): Promise<void> {
  response.writeHead(200, eventStream);
  if (delayMs > 0) {
    for (const event of events) {
      await sleep(delayMs);
      if (response.destroyed) return;
      response.write(event);
    }
    response.end();
  } else response.end(events.join(''));
}

async function answer(wire: Wire, question: Question, as: readonly string[], response: ServerResponse): Promise<void> {
  const directions = directionsOf(question, as);
  const whole = () => wire.whole(replyTo(question, directions), question);
  const events = () => wire.events(replyTo(question, directions), question);
  if (playFault({ question, directions, wire, response, whole, events })) return;
  if (question.stream) return stream(response, events(), directions.delayMs);
  if (directions.delayMs > 0) await sleep(directions.delayMs);
  send(response, 200, whole());
}

async function complete(wire: Wire, request: IncomingMessage, name: string, response: ServerResponse): Promise<void> {
  let question: Question;
  try {
    question = wire.read(JSON.parse(await bodyOf(request)) as Record<string, unknown>);
  } catch (error) {
    send(response, 400, wire.error(400, `No request: ${String(error)}`));
    return;
  }
  const { model, cached, vectors } = question;
  if (!isServed(model)) send(response, 404, wire.error(404, `There is no model ${JSON.stringify(model)}`));
  else if (vectors && !embeds(model)) send(response, 403, wire.error(403, 'This model may not generate embeddings'));
  else {
    const own = cached && { ...cached, key: name + cached.key };
    await answer(wire, { ...question, cached: own }, [name, keyOf(request)], response);
  }
}

/** Lists are told apart by the header that only Anthropic’s clients send. */
function models(path: string, request: IncomingMessage, response: ServerResponse): void {
  const wire = request.headers['anthropic-version'] === undefined ? openai : anthropic;
  const id = decodeURIComponent(path.slice('/v1/models/'.length));
  if (path === '/v1/models') send(response, 200, wire.models());
  else if (isServed(id)) send(response, 200, wire.model(id));
  else send(response, 404, wire.error(404, `There is no model ${JSON.stringify(id)}`));
}

function handle(request: IncomingMessage, response: ServerResponse): void {
  const { name, path } = addressOf(request);
  const wire = questions[path];
  if (wire && request.method === 'POST') {
    void complete(wire, request, name, response).catch((error: unknown) => response.destroy(error as Error));
  } else if (path.startsWith('/v1/models') && request.method === 'GET') models(path, request, response);
  else if (path === '/health') send(response, 200, '{"status":"ok"}');
  else send(response, 404, openai.error(404, `Nothing is served at ${request.method ?? ''} ${path}`));
}

/** The server, not yet listening. */
export function createOfflineModel(): Server {
  // Kept open for longer than any caller keeps an idle connection, so that none is closed under a request.
  return createServer({ keepAliveTimeout: 600_000 }, handle);
}
