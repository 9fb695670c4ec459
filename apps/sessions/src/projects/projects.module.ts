import { Module } from '@nestjs/common';
import { ProjectDefaults } from './project-defaults.js';
import { ProjectsController } from './projects.controller.js';
import { ProjectsRepository } from './projects.repository.js';
import { ProjectsService } from './projects.service.js';

@Module({
  controllers: [ProjectsController],
  providers: [ProjectsRepository, ProjectsService, ProjectDefaults],
  exports: [ProjectDefaults],
})
export class ProjectsModule {}
