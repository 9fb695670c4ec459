import { Module, type DynamicModule } from '@nestjs/common';
import { AccountsModule } from '../accounts/accounts.module.js';
import { ApiKeysModule } from '../api-keys/api-keys.module.js';
import type { Config } from '../config.js';
import { FirstOwner } from './first-owner.js';
import { FirstOwnerOptions } from './first-owner.options.js';

@Module({})
export class FirstOwnerModule {
  static forRoot(config: Config): DynamicModule {
    return {
      module: FirstOwnerModule,
      imports: [AccountsModule, ApiKeysModule],
      providers: [{ provide: FirstOwnerOptions, useValue: new FirstOwnerOptions(config) }, FirstOwner],
    };
  }
}
