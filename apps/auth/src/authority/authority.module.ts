import { Global, Module } from '@nestjs/common';
import { CallersKeys } from '../api-keys/callers-keys.js';
import { AuthorityRepository } from './authority.repository.js';
import { Granting } from './granting.js';

/** Global: whoever issues a token asks here what it may say. */
@Global()
@Module({
  providers: [AuthorityRepository, CallersKeys, Granting],
  exports: [AuthorityRepository, CallersKeys, Granting],
})
export class AuthorityModule {}
