import { Module } from '@nestjs/common';
import { LiveStreams } from './live-streams.js';

/** For whoever changes what readers follow. */
@Module({ providers: [LiveStreams], exports: [LiveStreams] })
export class LiveStreamsModule {}
