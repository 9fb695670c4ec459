import { Module, type DynamicModule } from '@nestjs/common';
import { AccountsModule } from '../accounts/accounts.module.js';
import type { Config } from '../config.js';
import { InvitationsModule } from '../invitations/invitations.module.js';
import { RegistrationAddressGuard } from './registration-address.guard.js';
import { RegistrationController } from './registration.controller.js';
import { RegistrationOptions } from './registration.options.js';
import { RegistrationService } from './registration.service.js';

@Module({})
export class RegistrationModule {
  static forRoot(config: Config): DynamicModule {
    return {
      module: RegistrationModule,
      imports: [AccountsModule, InvitationsModule],
      controllers: [RegistrationController],
      providers: [
        { provide: RegistrationOptions, useValue: new RegistrationOptions(config) },
        RegistrationAddressGuard,
        RegistrationService,
      ],
    };
  }
}
