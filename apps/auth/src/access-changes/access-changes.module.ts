import { Global, Module } from '@nestjs/common';
import { AccessChanges } from './access-changes.js';

/** Global: whoever takes something away says so here. */
@Global()
@Module({ providers: [AccessChanges], exports: [AccessChanges] })
export class AccessChangesModule {}
