import { destination } from 'pino';

/** Lines are written when there are this many bytes of them, or after this long: a system call for each would cost more. */
const [minLength, periodicFlush] = [4_096, 100];

/** Where a service's log goes. Whoever ends the process calls `flushSync` before; a kill -9 loses the last 100 ms. */
export const standardOutput = () => destination({ dest: 1, sync: false, minLength, periodicFlush });
