import { Module, type DynamicModule } from '@nestjs/common';
import type { Config } from '../config.js';
import { AccessTokens } from './access-tokens.js';
import { JwksController } from './jwks.controller.js';
import { SigningKeys } from './signing-keys.js';
import { SigningKeysModule } from './signing-keys.module.js';
import { TokenLifetimes } from './token-lifetimes.js';

/** Global, because the guard of every route takes its keys from here. */
@Module({})
export class TokensModule {
  static forRoot(config: Config): DynamicModule {
    return {
      module: TokensModule,
      global: true,
      imports: [SigningKeysModule.forRoot(config)],
      controllers: [JwksController],
      providers: [{ provide: TokenLifetimes, useValue: new TokenLifetimes(config) }, SigningKeys, AccessTokens],
      exports: [TokenLifetimes, SigningKeys, AccessTokens],
    };
  }
}
