import { createServer, type ServerResponse } from 'node:http';
import { modelList, plainAnswer, streamedAnswer, untilFirstToken } from './wire.ts';

/**
 * Before each answer; within one between the first token and the rest; and there between any two. In milliseconds,
 * `PUT /<before>/<rest>/<each>` sets them.
 */
let pauses = { beforeMs: 0, restMs: 0, eachMs: 0 };

/** The same every time: what is measured is what stands in front of it. */
function answer(streamed: boolean, response: ServerResponse): void {
  if (!streamed) {
    response
      .writeHead(200, { 'content-type': 'application/json', 'content-length': plainAnswer.length })
      .end(plainAnswer);
    return;
  }
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  if (pauses.eachMs > 0) sendOneByOne(response, pauses.eachMs);
  else if (pauses.restMs === 0) sendRest(response, 0);
  else {
    for (const part of streamedAnswer.slice(0, untilFirstToken)) response.write(part);
    setTimeout(sendRest, pauses.restMs, response, untilFirstToken);
  }
}

function sendRest(response: ServerResponse, from: number): void {
  for (const part of streamedAnswer.slice(from)) response.write(part);
  response.end();
}

function sendOneByOne(response: ServerResponse, eachMs: number): void {
  const left = [...streamedAnswer];
  const timer = setInterval(() => {
    const part = left.shift();
    if (part === undefined || response.destroyed) clearInterval(timer);
    if (part === undefined) response.end();
    else response.write(part);
  }, eachMs);
}

const server = createServer((request, response) => {
  if (request.method === 'PUT') {
    const [beforeMs = 0, restMs = 0, eachMs = 0] = (request.url ?? '').slice(1).split('/').map(Number);
    pauses = { beforeMs, restMs, eachMs };
    response.end();
    return;
  }
  if (request.method === 'GET') {
    response.writeHead(200, { 'content-type': 'application/json' }).end(modelList);
    return;
  }
  let streamed = false;
  request.on('data', (chunk: Buffer) => (streamed ||= chunk.includes('"stream":true')));
  request.on('end', () => {
    if (pauses.beforeMs === 0) answer(streamed, response);
    else setTimeout(answer, pauses.beforeMs, streamed, response);
  });
});
server.keepAliveTimeout = 60_000;
server.listen(Number(process.env['PORT']), '127.0.0.1', () => console.log('ready'));
