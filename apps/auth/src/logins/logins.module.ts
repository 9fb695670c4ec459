import { Module, type DynamicModule } from '@nestjs/common';
import { AccountsModule } from '../accounts/accounts.module.js';
import type { Config } from '../config.js';
import { LoginEnds } from './login-ends.js';
import { LoginLimitOptions, LoginLimits } from './login-limits.js';
import { LoginsController } from './logins.controller.js';
import { LoginsRepository } from './logins.repository.js';
import { LoginsService } from './logins.service.js';
import { OwnLoginsController } from './own-logins.controller.js';
import { OwnLoginsService } from './own-logins.service.js';
import { Presentations } from './presentations.js';
import { RefreshTokens } from './refresh-tokens.js';
import { RefreshesService } from './refreshes.service.js';
import { TokenPairs } from './token-pairs.js';

@Module({})
export class LoginsModule {
  static forRoot(config: Config): DynamicModule {
    return {
      module: LoginsModule,
      global: true,
      imports: [AccountsModule],
      controllers: [LoginsController, OwnLoginsController],
      providers: [
        { provide: LoginLimitOptions, useValue: new LoginLimitOptions(config) },
        { provide: RefreshTokens, useValue: new RefreshTokens(config) },
        LoginEnds,
        LoginLimits,
        LoginsRepository,
        LoginsService,
        OwnLoginsService,
        Presentations,
        RefreshesService,
        TokenPairs,
      ],
      exports: [LoginEnds, LoginLimits, RefreshesService],
    };
  }
}
