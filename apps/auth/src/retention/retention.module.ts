import { Module, type DynamicModule } from '@nestjs/common';
import type { Config } from '../config.js';
import { CredentialDays, CredentialRetention } from './credential-retention.js';

@Module({})
export class RetentionModule {
  static forRoot({ CREDENTIAL_RETENTION_DAYS }: Config): DynamicModule {
    return {
      module: RetentionModule,
      providers: [
        { provide: CredentialDays, useValue: new CredentialDays(CREDENTIAL_RETENTION_DAYS) },
        CredentialRetention,
      ],
    };
  }
}
