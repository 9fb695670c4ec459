import { createServer } from 'node:http';
import { modelList, plainAnswer, streamedAnswer } from './wire.ts';

/** Answers at once, the same every time: what is measured is what stands in front of it. */
const server = createServer((request, response) => {
  if (request.method === 'GET') {
    response.writeHead(200, { 'content-type': 'application/json' }).end(modelList);
    return;
  }
  let streamed = false;
  request.on('data', (chunk: Buffer) => (streamed ||= chunk.includes('"stream":true')));
  request.on('end', () => {
    if (!streamed) {
      response
        .writeHead(200, { 'content-type': 'application/json', 'content-length': plainAnswer.length })
        .end(plainAnswer);
      return;
    }
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    for (const part of streamedAnswer) response.write(part);
    response.end();
  });
});
server.keepAliveTimeout = 60_000;
server.listen(Number(process.env['PORT']), '127.0.0.1', () => console.log('ready'));
