import { destination } from 'pino';

/** Lines are written when there are this many characters of them, or after this long: a system call for each would cost more. */
const blockLength = 16_384;
const longestWaitMs = 100;

export interface StandardOutput {
  write(line: string): void;
  /** To be called before the process ends. */
  flushSync(): void;
}

/** Where a service's log goes, in blocks; a kill -9 loses the last 100 ms of it. */
export function standardOutput(): StandardOutput {
  const output = destination({ dest: 1, sync: false });
  let block = '';
  let timer: NodeJS.Timeout | undefined;
  const pass = (): void => {
    clearTimeout(timer);
    timer = undefined;
    if (block !== '') output.write(block);
    block = '';
  };
  return {
    write(line) {
      block += line;
      if (block.length >= blockLength) pass();
      else timer ??= setTimeout(pass, longestWaitMs).unref();
    },
    flushSync() {
      pass();
      output.flushSync();
    },
  };
}
