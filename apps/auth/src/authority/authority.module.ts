import { Global, Module } from '@nestjs/common';
import { AuthorityRepository } from './authority.repository.js';
import { Granting } from './granting.js';

/** Global: whoever issues a token asks here what it may say. */
@Global()
@Module({ providers: [AuthorityRepository, Granting], exports: [AuthorityRepository, Granting] })
export class AuthorityModule {}
