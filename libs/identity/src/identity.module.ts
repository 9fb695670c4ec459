import { Module, type DynamicModule, type Type } from '@nestjs/common';
import { APP_GUARD, DiscoveryModule } from '@nestjs/core';
import { AccessChangeFeed } from './access-changes/access-change-feed.js';
import { AccessChangeLog } from './access-changes/access-change-log.js';
import { AccessChangesConsumer } from './access-changes/access-changes.consumer.js';
import { IdentityGuard } from './identity.guard.js';
import { JwksSource } from './jwks-source.js';
import { RouteAudit } from './route-audit.js';
import { TokenVerifier } from './token-verifier.js';
import { TrustedKeys } from './trusted-keys.js';

export interface IdentityOptions {
  /** A provider of a global module, such as service-client's `HttpJwksSource`. */
  readonly jwksSource: Type<JwksSource>;
}

/** Guards every route of the service, and gives `TokenVerifier` and `AccessChangeLog` to all of its modules. Wants RedisModule. */
@Module({})
export class IdentityModule {
  static forRoot({ jwksSource }: IdentityOptions): DynamicModule {
    return {
      module: IdentityModule,
      global: true,
      imports: [DiscoveryModule],
      controllers: [AccessChangesConsumer],
      providers: [
        { provide: JwksSource, useExisting: jwksSource },
        { provide: APP_GUARD, useClass: IdentityGuard },
        TrustedKeys,
        AccessChangeLog,
        AccessChangeFeed,
        TokenVerifier,
        RouteAudit,
      ],
      exports: [TokenVerifier, AccessChangeLog],
    };
  }
}
