import { Module, type DynamicModule } from '@nestjs/common';
import { AccountsModule } from '../accounts/accounts.module.js';
import type { Config } from '../config.js';
import { LoginLimitOptions, LoginLimits } from './login-limits.js';
import { LoginsController } from './logins.controller.js';
import { LoginsRepository } from './logins.repository.js';
import { LoginsService } from './logins.service.js';
import { RefreshesService } from './refreshes.service.js';
import { TokenPairs } from './token-pairs.js';

@Module({})
export class LoginsModule {
  static forRoot(config: Config): DynamicModule {
    return {
      module: LoginsModule,
      imports: [AccountsModule],
      controllers: [LoginsController],
      providers: [
        { provide: LoginLimitOptions, useValue: new LoginLimitOptions(config) },
        LoginLimits,
        LoginsRepository,
        LoginsService,
        RefreshesService,
        TokenPairs,
      ],
    };
  }
}
