import { Module, type DynamicModule } from '@nestjs/common';
import type { Config } from '../config.js';
import { AccessTokens } from './access-tokens.js';
import { JwksController } from './jwks.controller.js';
import { SealedBox } from './sealed-box.js';
import { SigningKeys } from './signing-keys.js';
import { SigningKeysRepository } from './signing-keys.repository.js';
import { TokenLifetimes } from './token-lifetimes.js';

/** Global, because the guard of every route takes its keys from here. */
@Module({})
export class TokensModule {
  static forRoot(config: Config): DynamicModule {
    return {
      module: TokensModule,
      global: true,
      controllers: [JwksController],
      providers: [
        { provide: TokenLifetimes, useValue: new TokenLifetimes(config) },
        { provide: SealedBox, useValue: new SealedBox(config.AUTH_ENCRYPTION_KEY) },
        SigningKeysRepository,
        SigningKeys,
        AccessTokens,
      ],
      exports: [TokenLifetimes, SigningKeys, AccessTokens],
    };
  }
}
