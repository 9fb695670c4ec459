import { createRequire } from 'node:module';

/** What the instrumentations patch when it is required for the first time. */
const instrumented = ['node:http', 'pg', 'ioredis', 'amqplib'];

/**
 * Requires what is to be traced, so far as the service at `main` has it. An ES module that imports a CommonJS package goes
 * round the hook on `require`; once patched, it gets the patched one.
 */
export function preload(main: string): void {
  const require = createRequire(main);
  for (const name of instrumented) {
    try {
      require(name);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'MODULE_NOT_FOUND') throw error;
    }
  }
}
