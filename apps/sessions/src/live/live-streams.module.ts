import { Module } from '@nestjs/common';
import { LiveStreams } from './live-streams.js';
import { OwedDeletions } from './owed-deletions.js';

/** For whoever changes what readers follow. */
@Module({ providers: [LiveStreams, OwedDeletions], exports: [LiveStreams] })
export class LiveStreamsModule {}
