import { Module } from '@nestjs/common';
import { ModelRoutesModule } from '../model-routes/model-routes.module.js';
import { PricesModule } from '../prices/prices.module.js';
import { LostTurnRecords } from './lost-turn-records.js';
import { LostTurnsConsumer } from './lost-turns.consumer.js';
import { LostTurnsRepository } from './lost-turns.repository.js';

@Module({
  imports: [ModelRoutesModule, PricesModule],
  controllers: [LostTurnsConsumer],
  providers: [LostTurnRecords, LostTurnsRepository],
})
export class LostTurnsModule {}
