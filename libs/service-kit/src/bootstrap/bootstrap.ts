import { constants } from 'node:os';
import { destination } from 'pino';
import { createLog } from '../log/create-log.js';
import type { Service, ServiceOptions } from './service-options.js';
import { startService } from './start-service.js';

/** The main file of a service: starts it, drains it on SIGTERM or SIGINT and exits 0; a second signal exits at once. */
export async function bootstrap(options: ServiceOptions): Promise<void> {
  const { service, config } = options;
  const output = destination({ dest: 1, sync: false });
  const log = createLog({ level: config.LOG_LEVEL, base: { service }, destination: output });
  const exit = (code: number): never => {
    output.flushSync();
    process.exit(code);
  };
  const crash = (what: string) => (err: unknown) => {
    log.fatal({ err }, what);
    exit(1);
  };
  process.on('uncaughtException', crash('an exception was not caught'));
  process.on('unhandledRejection', crash('a rejection was not handled'));
  const starting = startService({ ...options, logDestination: output });
  stopOnSignals(starting, exit);
  await starting.catch(crash('the service could not start'));
}

/** A signal that comes while the service starts is acted upon once it has. */
function stopOnSignals(starting: Promise<Service>, exit: (code: number) => never): void {
  let stopping = false;
  for (const signal of ['SIGTERM', 'SIGINT'] as const)
    process.on(signal, () => {
      if (stopping) exit(128 + constants.signals[signal]);
      stopping = true;
      // A failure to start is reported where it is awaited.
      starting
        .then((service) => service.stop())
        .then(
          () => exit(0),
          () => undefined,
        );
    });
}
