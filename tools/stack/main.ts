/** The platform on one machine: `npm start`, `npm run stack -- <command>`. */
import { parseArgs } from 'node:util';
import { command, env, scale, status } from './commands/control.ts';
import { superviseInBackground } from './commands/detach.ts';
import { logs } from './commands/logs.ts';
import { reset } from './commands/reset.ts';
import { run } from './commands/run.ts';
import { serve } from './commands/serve.ts';
import { up } from './commands/up.ts';
import { sentenceFor, StackFailure } from './failure.ts';
import { homeFrom } from './home.ts';

const usage = `
  npm start                                   bring the platform up, here
  npm start -- --detach                       … in the background

  npm run stack -- status                     what runs, where
  npm run stack -- logs [part] [--follow]     logs of a service or server, or of all
  npm run stack -- restart <service>          stop and start a service's instances, one after the other
  npm run stack -- scale <service> <n>        run n instances of a service
  npm run stack -- stop-server <server>       stop postgres, redis, rabbitmq or consul, to see what happens
  npm run stack -- start-server <server>      … and start it again
  npm run stack -- serve <service>            run a service here, in the place of the stack's own
  npm run stack -- run <service> <command>    a command of a service: auth signing-keys list, analytics dead-letters list
  npm run --silent stack -- env               shell exports: PARLEY_URL, PARLEY_API_KEY, …
  npm run stack -- stop                       stop everything; the data stays
  npm run stack -- reset                      stop everything and delete the data

  PARLEY_HOME     folder for data, logs and secrets (default .parley)
  PARLEY_PORT     port for clients (default 8000)
  PARLEY_PORT_BASE   first of 30 ports for everything else
  PARLEY_DATABASE_URL, PARLEY_REDIS_URL, PARLEY_AMQP_URL, PARLEY_CONSUL_URL   servers to use instead of our own
`;

interface Invocation {
  readonly home: string;
  /** What follows the command's name. */
  readonly args: readonly string[];
  readonly flags: { readonly detach?: boolean; readonly follow?: boolean };
}

type Command = (invocation: Invocation) => Promise<void> | void;

const commands: Readonly<Record<string, Command>> = {
  up: ({ home, flags }) => up(home, { detach: flags.detach === true }),
  supervise: ({ home }) => superviseInBackground(home),
  status: ({ home }) => status(home),
  env: ({ home }) => env(home),
  logs: ({ home, args, flags }) => logs(home, args[0], flags.follow === true),
  stop: ({ home }) => command(home, { kind: 'stop' }, 'Stopped. `npm start` brings it back with its data.'),
  restart: ({ home, args: [service] }) =>
    command(home, { kind: 'restart', service: demand(service, 'restart <service>') }, 'Restarted.'),
  scale: ({ home, args: [service, count] }) =>
    scale(home, demand(service, 'scale <service> <n>'), demand(count, 'scale <service> <n>')),
  'stop-server': ({ home, args: [server] }) =>
    command(home, { kind: 'stop-server', server: demand(server, 'stop-server <server>') }, 'Stopped.'),
  'start-server': ({ home, args: [server] }) =>
    command(home, { kind: 'start-server', server: demand(server, 'start-server <server>') }, 'Started.'),
  serve: ({ home, args: [service] }) => serve(home, demand(service, 'serve <service>')),
  run: ({ home, args: [service, name, ...rest] }) =>
    run(home, demand(service, 'run <service> <command>'), demand(name, 'run <service> <command>'), rest),
  reset: ({ home }) => reset(home),
};

function demand(argument: string | undefined, form: string): string {
  if (argument !== undefined) return argument;
  throw new StackFailure(`Something is missing: npm run stack -- ${form}`);
}

async function main(argv: readonly string[]): Promise<void> {
  const { values: flags, positionals } = parse(argv);
  const [name, ...args] = positionals;
  if (name === undefined || flags.help === true) {
    console.log(usage);
    return;
  }
  const chosen = commands[name];
  if (!chosen) throw new StackFailure(`There is no command "${name}". \`npm run stack\` lists them.`);
  await chosen({ home: homeFrom(process.env), args, flags });
}

function parse(argv: readonly string[]) {
  try {
    return parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: {
        detach: { type: 'boolean', short: 'd' },
        follow: { type: 'boolean', short: 'f' },
        help: { type: 'boolean', short: 'h' },
      },
    });
  } catch (error) {
    throw new StackFailure(
      `${error instanceof Error ? error.message : String(error)}. \`npm run stack\` lists the commands.`,
    );
  }
}

try {
  await main(process.argv.slice(2));
} catch (error) {
  const sentence = sentenceFor(error);
  if (sentence === undefined) throw error;
  console.error(`\n  ${sentence}\n`);
  // Not by running out of work: what failed may have left some.
  process.exit(1);
}
