import { createServer, type ServerResponse } from 'node:http';
import { modelList, plainAnswer, streamedAnswer } from './wire.ts';

/** Before each answer; `PUT /<milliseconds>` sets it. */
let latencyMs = 0;

/** The same every time: what is measured is what stands in front of it. */
function answer(streamed: boolean, response: ServerResponse): void {
  if (!streamed) {
    response
      .writeHead(200, { 'content-type': 'application/json', 'content-length': plainAnswer.length })
      .end(plainAnswer);
    return;
  }
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  for (const part of streamedAnswer) response.write(part);
  response.end();
}

const server = createServer((request, response) => {
  if (request.method === 'PUT') {
    latencyMs = Number(request.url?.slice(1));
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
    if (latencyMs === 0) answer(streamed, response);
    else setTimeout(answer, latencyMs, streamed, response);
  });
});
server.keepAliveTimeout = 60_000;
server.listen(Number(process.env['PORT']), '127.0.0.1', () => console.log('ready'));
