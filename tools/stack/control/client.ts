import { once } from 'node:events';
import { connect } from 'node:net';
import { createInterface } from 'node:readline';
import { StackFailure } from '../failure.ts';
import { silent, type Report } from '../report.ts';
import { socketPath, type Reply, type Request, type Status } from './protocol.ts';

/** Asks the running stack of a home. @throws StackFailure with the stack's own sentence, or when none is running. */
export async function ask(home: string, request: Request, report: Report = silent): Promise<unknown> {
  const socket = connect(socketPath(home));
  try {
    await once(socket, 'connect');
  } catch {
    throw new StackFailure(
      'Parley is not running: start it with `npm start`, or in the background with `npm start -- --detach`.',
    );
  }
  socket.write(`${JSON.stringify(request)}\n`);
  for await (const line of createInterface({ input: socket })) {
    const reply = JSON.parse(line) as Reply;
    if ('progress' in reply) report(reply.progress);
    else if ('failure' in reply) throw new StackFailure(reply.failure);
    else return reply.done;
  }
  throw new StackFailure('The stack ended before it answered: see .parley/logs/stack.log.');
}

export const askStatus = async (home: string): Promise<Status> => (await ask(home, { kind: 'status' })) as Status;
