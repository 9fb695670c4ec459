import { Module } from '@nestjs/common';
import { ModelRoutesModule } from '../model-routes/model-routes.module.js';
import { ModelsController } from './models.controller.js';
import { ModelsService } from './models.service.js';

@Module({ imports: [ModelRoutesModule], controllers: [ModelsController], providers: [ModelsService] })
export class ModelsModule {}
