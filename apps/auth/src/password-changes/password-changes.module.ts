import { Module, type DynamicModule } from '@nestjs/common';
import type { Config } from '../config.js';
import { NewPasswords } from './new-passwords.js';
import { PasswordChangesController } from './password-changes.controller.js';
import { PasswordChangesRepository } from './password-changes.repository.js';
import { PasswordChangesService } from './password-changes.service.js';
import { PasswordResetsService } from './password-resets.service.js';
import { ResetRequestsRepository } from './reset-requests.repository.js';
import { ResetLifetime, ResetRequestsService } from './reset-requests.service.js';

@Module({})
export class PasswordChangesModule {
  static forRoot({ PASSWORD_RESET_TTL_S }: Pick<Config, 'PASSWORD_RESET_TTL_S'>): DynamicModule {
    return {
      module: PasswordChangesModule,
      global: true,
      controllers: [PasswordChangesController],
      providers: [
        { provide: ResetLifetime, useValue: new ResetLifetime(PASSWORD_RESET_TTL_S) },
        NewPasswords,
        PasswordChangesRepository,
        PasswordChangesService,
        PasswordResetsService,
        ResetRequestsRepository,
        ResetRequestsService,
      ],
      exports: [NewPasswords],
    };
  }
}
