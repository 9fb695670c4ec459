import { Module } from '@nestjs/common';
import { ModelRoutesModule } from '../model-routes/model-routes.module.js';
import { UsageModule } from '../usage/usage.module.js';
import { EmbeddingsController } from './embeddings.controller.js';
import { EmbeddingsService } from './embeddings.service.js';

@Module({
  imports: [ModelRoutesModule, UsageModule],
  controllers: [EmbeddingsController],
  providers: [EmbeddingsService],
})
export class EmbeddingsModule {}
