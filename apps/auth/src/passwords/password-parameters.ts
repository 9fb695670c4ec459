import type { Config } from '../config.js';

/** What a hash costs (RFC 9106 §3.1), with one lane. Injectable by this class. */
export class PasswordParameters {
  readonly memoryKib: number;
  readonly passes: number;

  constructor(config: Pick<Config, 'PASSWORD_MEMORY_KIB' | 'PASSWORD_PASSES'>) {
    this.memoryKib = config.PASSWORD_MEMORY_KIB;
    this.passes = config.PASSWORD_PASSES;
  }
}
