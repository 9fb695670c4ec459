import { chmodSync, rmSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { sentenceFor } from '../failure.ts';
import type { Report } from '../report.ts';
import { socketPath, type Reply, type Request } from './protocol.ts';

/** Carries out a request; what it reports goes to whoever asked. */
export type Handler = (request: Request, report: Report) => Promise<Extract<Reply, { done: unknown }>['done']>;

/** Listens for the commands of `npm run stack`, for this user alone; answers the function that ends it. */
export async function listenForCommands(home: string, handle: Handler): Promise<() => void> {
  const path = socketPath(home);
  // Left by a stack that was killed; the home is ours by now.
  rmSync(path, { force: true });
  const server = createServer((socket) => serve(socket, handle));
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(path, resolve);
  });
  chmodSync(path, 0o600);
  return () => server.close();
}

function serve(socket: Socket, handle: Handler): void {
  socket.on('error', () => socket.destroy());
  const reply = (line: Reply) => {
    if (socket.writable) socket.write(`${JSON.stringify(line)}\n`);
  };
  createInterface({ input: socket }).on('line', (line) => {
    void answer(line, handle, reply).then((last) => {
      reply(last);
      socket.end();
    });
  });
}

async function answer(line: string, handle: Handler, reply: (line: Reply) => void): Promise<Reply> {
  try {
    return { done: await handle(JSON.parse(line) as Request, (progress) => reply({ progress })) };
  } catch (error) {
    return { failure: sentenceFor(error) ?? String(error) };
  }
}
