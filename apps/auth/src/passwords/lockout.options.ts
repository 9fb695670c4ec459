import type { Config } from '../config.js';
import type { LockoutRule } from './lockout.js';

/** Injectable by this class. */
export class LockoutOptions {
  readonly account: LockoutRule;
  readonly address: LockoutRule;

  constructor(config: Pick<Config, 'WRONG_PASSWORDS_OF_ACCOUNT' | 'WRONG_PASSWORDS_OF_ADDRESS' | 'LOCKOUT_MAX_S'>) {
    const maxDelayMs = config.LOCKOUT_MAX_S * 1_000;
    this.account = { delayedFrom: config.WRONG_PASSWORDS_OF_ACCOUNT, maxDelayMs };
    this.address = { delayedFrom: config.WRONG_PASSWORDS_OF_ADDRESS, maxDelayMs };
  }
}
