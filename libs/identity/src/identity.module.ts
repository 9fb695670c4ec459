import { Module, type DynamicModule, type Type } from '@nestjs/common';
import { APP_GUARD, DiscoveryModule } from '@nestjs/core';
import { IdentityGuard } from './identity.guard.js';
import { JwksSource } from './jwks-source.js';
import { RevokedKeys } from './revoked-keys.js';
import { RevokedKeysConsumer } from './revoked-keys.consumer.js';
import { RouteAudit } from './route-audit.js';
import { TokenVerifier } from './token-verifier.js';
import { TrustedKeys } from './trusted-keys.js';

export interface IdentityOptions {
  /** A provider of a global module, such as service-client's `HttpJwksSource`. */
  readonly jwksSource: Type<JwksSource>;
}

/** Guards every route of the service, and gives `TokenVerifier` and `RevokedKeys` to all of its modules. */
@Module({})
export class IdentityModule {
  static forRoot({ jwksSource }: IdentityOptions): DynamicModule {
    return {
      module: IdentityModule,
      global: true,
      imports: [DiscoveryModule],
      controllers: [RevokedKeysConsumer],
      providers: [
        { provide: JwksSource, useExisting: jwksSource },
        { provide: APP_GUARD, useClass: IdentityGuard },
        TrustedKeys,
        RevokedKeys,
        TokenVerifier,
        RouteAudit,
      ],
      exports: [TokenVerifier, RevokedKeys],
    };
  }
}
