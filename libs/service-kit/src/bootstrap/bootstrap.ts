import { constants } from 'node:os';
import { createLog } from '../log/create-log.js';
import { standardOutput } from '../log/standard-output.js';
import type { Service, ServiceOptions } from './service-options.js';
import { startService } from './start-service.js';

/** The main file of a service: starts it, drains it on SIGTERM or SIGINT and exits 0; a second signal exits at once. */
export async function bootstrap(options: ServiceOptions): Promise<void> {
  const { service, config } = options;
  const output = standardOutput();
  const log = createLog({ level: config.LOG_LEVEL, base: { service }, destination: output });
  const exit = (code: number): never => {
    output.flushSync();
    process.exit(code);
  };
  const crash =
    (what: string) =>
    (err: unknown): never => {
      log.fatal({ err }, what);
      return exit(1);
    };
  process.on('uncaughtException', crash('an exception was not caught'));
  process.on('unhandledRejection', crash('a rejection was not handled'));
  const started = stopOnSignals(exit);
  started(await startService({ ...options, logDestination: output }).catch(crash('the service could not start')));
}

/** Until it is told of a service, a signal ends the process at once: what still starts has nothing to finish. */
function stopOnSignals(exit: (code: number) => never): (service: Service) => void {
  let service: Service | undefined;
  let stopping = false;
  for (const signal of ['SIGTERM', 'SIGINT'] as const)
    process.on(signal, () => {
      if (!service || stopping) return exit(128 + constants.signals[signal]);
      stopping = true;
      return void service.stop().then(() => exit(0));
    });
  return (running) => {
    service = running;
  };
}
