import { Module, type DynamicModule } from '@nestjs/common';
import type { Config } from '../config.js';
import { LockoutOptions } from './lockout.options.js';
import { Lockouts } from './lockouts.js';
import { PasswordCheck } from './password-check.js';
import { PasswordParameters } from './password-parameters.js';
import { Passwords } from './passwords.js';
import { PasswordsRepository } from './passwords.repository.js';

/** Global: accounts are made, and passwords asked for, in several places. */
@Module({})
export class PasswordsModule {
  static forRoot(config: Config): DynamicModule {
    return {
      module: PasswordsModule,
      global: true,
      providers: [
        { provide: PasswordParameters, useValue: new PasswordParameters(config) },
        { provide: LockoutOptions, useValue: new LockoutOptions(config) },
        Lockouts,
        PasswordCheck,
        Passwords,
        PasswordsRepository,
      ],
      exports: [Lockouts, PasswordCheck, Passwords],
    };
  }
}
