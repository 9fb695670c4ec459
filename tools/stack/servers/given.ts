import { StackFailure } from '../failure.ts';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Server } from './server.ts';

/** How long a server that somebody else runs may take to answer. */
const answersWithinMs = 10_000;

export interface GivenServer {
  readonly name: string;
  readonly title: string;
  readonly url: string;
  /** The environment variable that gave the address. */
  readonly variable: string;
  readonly probe: (url: string) => Promise<void>;
}

/** A server at an address from the environment: it is waited for, and never started or stopped by us. */
export function givenServer(given: GivenServer): Server {
  const notOurs = () =>
    Promise.reject(
      new StackFailure(`${given.title} is the server that ${given.variable} names: the stack does not stop it.`),
    );
  return {
    name: given.name,
    url: given.url,
    own: false,
    state: 'ready',
    pid: undefined,
    start: () => untilAnswers(given),
    stop: notOurs,
    kill9: notOurs,
  };
}

async function untilAnswers({ title, url, variable, probe }: GivenServer): Promise<void> {
  const deadline = Date.now() + answersWithinMs;
  for (;;) {
    const failure = await probe(url).then(
      () => undefined,
      (error: unknown) => (error instanceof Error ? error.message : String(error)),
    );
    if (failure === undefined) return;
    if (Date.now() > deadline) {
      throw new StackFailure(
        `${title} at the address that ${variable} gives does not answer (${failure}): start it, correct the address, or unset ${variable} to have one started here.`,
      );
    }
    await sleep(200);
  }
}
