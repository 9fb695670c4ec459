import type { Config } from '../config.js';

/** Who may make an account by themselves; injectable by this class. */
export class RegistrationOptions {
  readonly mode: Config['PARLEY_REGISTRATION'];
  readonly perMinuteOfAddress: number;

  constructor(config: Pick<Config, 'PARLEY_REGISTRATION' | 'REGISTRATIONS_PER_MINUTE'>) {
    this.mode = config.PARLEY_REGISTRATION;
    this.perMinuteOfAddress = config.REGISTRATIONS_PER_MINUTE;
  }
}
