import { parseArgs } from 'node:util';
import { DeadLetters, type DeadLettersOptions } from './dead-letters.js';

const usage = `Usage: dead-letters list [--limit <n>]
       dead-letters replay --all
       dead-letters replay <event id>...
`;

/**
 * The command line over a service's dead letters: `list` prints one JSON object a line, `replay` how many it sent.
 * Returns the exit code: 0, or 2 for a command it does not know.
 */
export async function deadLettersCommand(
  options: DeadLettersOptions,
  argv: readonly string[],
  print: (text: string) => void = (text) => void process.stdout.write(text),
): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...argv],
    options: { limit: { type: 'string', default: '100' }, all: { type: 'boolean', default: false } },
    allowPositionals: true,
  });
  const [command, ...ids] = positionals;
  const letters = new DeadLetters(options);
  if (command === 'list') {
    for (const letter of await letters.list(Number(values.limit))) print(`${JSON.stringify(letter)}\n`);
    return 0;
  }
  if (command === 'replay' && values.all !== ids.length > 0) {
    print(`${await letters.replay(values.all ? undefined : ids)} replayed\n`);
    return 0;
  }
  print(usage);
  return 2;
}
