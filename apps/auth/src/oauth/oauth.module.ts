import { Module, type DynamicModule } from '@nestjs/common';
import type { Config } from '../config.js';
import { ServiceAccountsModule } from '../service-accounts/service-accounts.module.js';
import { ClientAuthentication } from './client-authentication.js';
import { ClientTokens } from './client-tokens.js';
import { DelegatedTokens } from './delegated-tokens.js';
import { Introspections } from './introspections.service.js';
import { OAuthLimit } from './oauth-requests.guards.js';
import { OAuthController } from './oauth.controller.js';
import { PresentedTokens } from './presented-tokens.js';
import { Revocations } from './revocations.service.js';
import { TokenGrants } from './token-grants.service.js';

@Module({})
export class OAuthModule {
  static forRoot(config: Config): DynamicModule {
    return {
      module: OAuthModule,
      imports: [ServiceAccountsModule],
      controllers: [OAuthController],
      providers: [
        { provide: OAuthLimit, useValue: new OAuthLimit(config.OAUTH_REQUESTS_PER_MINUTE) },
        ClientAuthentication,
        ClientTokens,
        DelegatedTokens,
        Introspections,
        PresentedTokens,
        Revocations,
        TokenGrants,
      ],
    };
  }
}
