import { Global, Module } from '@nestjs/common';
import { AuthorityRepository } from './authority.repository.js';

/** Global: whoever issues a token asks here what it may say. */
@Global()
@Module({ providers: [AuthorityRepository], exports: [AuthorityRepository] })
export class AuthorityModule {}
