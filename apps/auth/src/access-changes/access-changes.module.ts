import { Global, Module } from '@nestjs/common';
import { AccessChangeStore } from './access-change-store.js';
import { AccessChanges } from './access-changes.js';

/** Global: whoever takes something away says so here. */
@Global()
@Module({ providers: [AccessChangeStore, AccessChanges], exports: [AccessChanges] })
export class AccessChangesModule {}
