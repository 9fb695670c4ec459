import { createServer, type ServerResponse } from 'node:http';
import { Pool, type Dispatcher } from 'undici';

/**
 * The least that the job costs in Node: parse, translate, ask, translate back. No key, no limit, no record, no checks.
 */
const upstream = new Pool(process.env['UPSTREAM'] ?? '', { connections: 64 });

interface Question {
  readonly model: string;
  readonly max_tokens: number;
  readonly stream?: boolean;
  readonly messages: readonly { role: string; content: string }[];
}

const toAnthropic = ({ model, max_tokens, stream, messages }: Question) =>
  JSON.stringify({
    model,
    max_tokens,
    stream: stream ?? false,
    system: messages.filter((each) => each.role === 'system').map((each) => ({ type: 'text', text: each.content })),
    messages: messages.filter((each) => each.role !== 'system'),
  });

interface Message {
  readonly id: string;
  readonly model: string;
  readonly content: readonly { text: string }[];
  readonly usage: { readonly input_tokens: number; readonly output_tokens: number };
}

const toOpenAi = ({ id, model, content, usage }: Message) =>
  JSON.stringify({
    id,
    object: 'chat.completion',
    created: 0,
    model,
    choices: [
      {
        index: 0,
        message: { role: 'assistant', content: content.map((block) => block.text).join('') },
        finish_reason: 'stop',
      },
    ],
    usage: {
      prompt_tokens: usage.input_tokens,
      completion_tokens: usage.output_tokens,
      total_tokens: usage.input_tokens + usage.output_tokens,
    },
  });

interface Event {
  readonly type: string;
  readonly message?: Message;
  readonly delta?: { readonly text?: string; readonly stop_reason?: string };
}

const chunkHead = ({ id, model }: Message) =>
  `data: {"id":"${id}","object":"chat.completion.chunk","created":0,"model":"${model}","choices":[{"index":0,`;

function toChunk(head: string, { type, delta }: Event): string {
  if (type === 'message_stop') return 'data: [DONE]\n\n';
  if (delta?.text !== undefined)
    return `${head}"delta":{"content":${JSON.stringify(delta.text)}},"finish_reason":null}]}\n\n`;
  if (delta?.stop_reason !== undefined) return `${head}"delta":{},"finish_reason":"stop"}]}\n\n`;
  return '';
}

/** undici's lowest interface: no stream, promise or signal around an answer. For streams it is slower: it joins no chunks. */
function whole(response: ServerResponse): Dispatcher.DispatchHandler {
  const chunks: Buffer[] = [];
  return {
    onRequestStart() {},
    onResponseStart() {},
    onResponseData: (_, chunk) => void chunks.push(chunk),
    onResponseEnd() {
      const text = (chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks)).toString();
      const out = toOpenAi(JSON.parse(text) as Message);
      const length = Buffer.byteLength(out);
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': length }).end(out);
    },
    onResponseError: (_, error) => void response.writeHead(502).end(String(error)),
  };
}

async function pipeStream(body: Dispatcher.ResponseData['body'], response: ServerResponse): Promise<void> {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  const decoder = new TextDecoder();
  let rest = '';
  let head = '';
  for await (const chunk of body) {
    rest += decoder.decode(chunk as Buffer, { stream: true });
    const events = rest.split('\n\n');
    rest = events.pop() ?? '';
    let out = '';
    for (const text of events) {
      const event = JSON.parse(text.slice(text.indexOf('data: ') + 6)) as Event;
      if (event.message !== undefined) head = chunkHead(event.message);
      out += toChunk(head, event);
    }
    if (out !== '') response.write(out);
  }
  response.end();
}

const headers = { 'content-type': 'application/json', 'x-api-key': 'none', 'anthropic-version': '2023-06-01' };

function answer(text: string, response: ServerResponse): void {
  const asked = JSON.parse(text) as Question;
  const request = { method: 'POST', path: '/v1/messages', headers, body: toAnthropic(asked) } as const;
  if (asked.stream !== true) upstream.dispatch(request, whole(response));
  else
    upstream
      .request(request)
      .then(({ body }) => pipeStream(body, response))
      .catch((error: unknown) => response.destroy(error as Error));
}

const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    try {
      answer(Buffer.concat(chunks).toString(), response);
    } catch (error) {
      response.writeHead(400).end(String(error));
    }
  });
});
server.keepAliveTimeout = 60_000;
server.listen(Number(process.env['PORT']), '127.0.0.1', () => console.log('ready'));
