import { Module, type DynamicModule } from '@nestjs/common';
import { RedisModule } from '@parley/cache';
import {
  accessChanged,
  apiKeyCreated,
  apiKeyRevoked,
  apiKeyRotated,
  passwordResetRequested,
  refreshTokenReused,
} from '@parley/contracts';
import { DiscoveryModule } from '@parley/discovery';
import { identityEvents, IdentityModule } from '@parley/identity';
import { LimitsModule } from '@parley/limits';
import { MessagingModule } from '@parley/messaging';
import { PersistenceModule } from '@parley/persistence';
import { AccessChangesModule } from './access-changes/access-changes.module.js';
import { AccountsModule } from './accounts/accounts.module.js';
import { ApiKeysModule } from './api-keys/api-keys.module.js';
import { AuthorityModule } from './authority/authority.module.js';
import type { Config } from './config.js';
import { DecisionsModule } from './decisions/decisions.module.js';
import { FirstOwnerModule } from './first-owner/first-owner.module.js';
import { InvitationsModule } from './invitations/invitations.module.js';
import { LoginsModule } from './logins/logins.module.js';
import { migrations } from './migrations/index.js';
import { OAuthModule } from './oauth/oauth.module.js';
import { PasswordChangesModule } from './password-changes/password-changes.module.js';
import { PasswordsModule } from './passwords/passwords.module.js';
import { RegistrationModule } from './registration/registration.module.js';
import { RetentionModule } from './retention/retention.module.js';
import { RolesModule } from './roles/roles.module.js';
import { ServiceAccountsModule } from './service-accounts/service-accounts.module.js';
import { SigningKeys } from './tokens/signing-keys.js';
import { TenantsModule } from './tenants/tenants.module.js';
import { TokensModule } from './tokens/tokens.module.js';
import { UsersModule } from './users/users.module.js';

export const service = 'auth';
export const description = 'Logins, tokens, API keys, and the keys that tokens are verified with.';

@Module({})
export class AppModule {
  static forRoot(config: Config): DynamicModule {
    return {
      module: AppModule,
      imports: [
        PersistenceModule.forRoot({ config, entities: [], migrations }),
        RedisModule.forRoot(config),
        MessagingModule.forRoot({
          service,
          config,
          publishes: [
            accessChanged,
            apiKeyCreated,
            apiKeyRevoked,
            apiKeyRotated,
            passwordResetRequested,
            refreshTokenReused,
          ],
          subscribes: [...identityEvents],
        }),
        LimitsModule.forRoot(config),
        DiscoveryModule.forRoot({ service, config }),
        IdentityModule.forRoot({ jwksSource: SigningKeys }),
        TokensModule.forRoot(config),
        AccessChangesModule,
        AuthorityModule,
        PasswordsModule.forRoot(config),
        RolesModule,
        DecisionsModule,
        AccountsModule,
        TenantsModule,
        UsersModule,
        InvitationsModule,
        RegistrationModule.forRoot(config),
        LoginsModule.forRoot(config),
        PasswordChangesModule.forRoot(config),
        ApiKeysModule,
        ServiceAccountsModule,
        OAuthModule.forRoot(config),
        FirstOwnerModule.forRoot(config),
        RetentionModule.forRoot(config),
      ],
    };
  }
}
