import { Module } from '@nestjs/common';
import { DeletedSessionsConsumer } from './deleted-sessions.consumer.js';
import { DeletedSessionsRepository } from './deleted-sessions.repository.js';
import { LateQueries } from './late-queries.js';

@Module({ controllers: [DeletedSessionsConsumer], providers: [DeletedSessionsRepository, LateQueries] })
export class SessionsModule {}
