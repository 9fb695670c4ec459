import { Body, Controller, Delete, Get, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import {
  createProjectRequest,
  pageQuery,
  project,
  projectPage,
  updateProjectRequest,
  type CreateProjectRequest,
  type Identity,
  type PageQuery,
  type Project,
  type ProjectPage,
  type UpdateProjectRequest,
} from '@parley/contracts';
import { Caller, Permit } from '@parley/identity';
import { RateLimited } from '@parley/limits';
import { Returns } from '@parley/service-kit';
import { z } from 'zod';
import { ProjectsService } from './projects.service.js';

const byId = { schema: z.uuid() };

@RateLimited()
@Controller('v1/projects')
export class ProjectsController {
  constructor(private readonly projects: ProjectsService) {}

  @Post()
  @Permit('sessions:write')
  @ApiOperation({
    summary: 'Create a project, which groups sessions, and may set model, instructions and limits for them',
  })
  @Returns(201, project)
  create(
    @Caller() caller: Identity,
    @Body({ schema: createProjectRequest }) body: CreateProjectRequest,
  ): Promise<Project> {
    return this.projects.create(caller, body);
  }

  @Get()
  @Permit('sessions:read')
  @ApiOperation({ summary: 'List the projects of the tenant, newest first' })
  @Returns(200, projectPage)
  list(@Caller() caller: Identity, @Query({ schema: pageQuery }) query: PageQuery): Promise<ProjectPage> {
    return this.projects.list(caller, query);
  }

  @Get(':id')
  @Permit('sessions:read')
  @ApiOperation({ summary: 'Read a project' })
  @Returns(200, project)
  get(@Caller() caller: Identity, @Param('id', byId) id: string): Promise<Project> {
    return this.projects.get(caller, id);
  }

  @Patch(':id')
  @Permit('sessions:write')
  @ApiOperation({ summary: 'Change a project; null takes a value away' })
  @Returns(200, project)
  update(
    @Caller() caller: Identity,
    @Param('id', byId) id: string,
    @Body({ schema: updateProjectRequest }) body: UpdateProjectRequest,
  ): Promise<Project> {
    return this.projects.update(caller, id, body);
  }

  @Delete(':id')
  @Permit('sessions:write')
  @ApiOperation({ summary: 'Delete a project; its sessions stay, without a project' })
  @Returns(204)
  delete(@Caller() caller: Identity, @Param('id', byId) id: string): Promise<void> {
    return this.projects.delete(caller, id);
  }
}
