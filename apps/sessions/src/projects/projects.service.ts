import { Injectable } from '@nestjs/common';
import {
  AppError,
  decodeCursor,
  projectDeleted,
  toPage,
  type CreateProjectRequest,
  type Identity,
  type PageQuery,
  type Project,
  type ProjectPage,
  type UpdateProjectRequest,
} from '@parley/contracts';
import { Outbox } from '@parley/messaging';
import { v7 as uuidv7 } from 'uuid';
import { z } from 'zod';
import { ProjectsRepository, type StoredProject } from './projects.repository.js';

const position = z.tuple([z.uuid()]);

/** Every method but `create` and `list` throws AppError project.not_found, also for another tenant's project. */
@Injectable()
export class ProjectsService {
  constructor(
    private readonly repository: ProjectsRepository,
    private readonly outbox: Outbox,
  ) {}

  create({ tenantId }: Identity, request: CreateProjectRequest): Promise<Project> {
    const { name, model = null, instructions = null, limits = {} } = request;
    const { concurrency = null, context = null } = request;
    const project = { tenantId, id: uuidv7(), name, model, instructions, limits, concurrency, context };
    return this.repository.inTenant(tenantId, async (tx) => toProject(found(await this.repository.add(tx, project))));
  }

  /** @throws AppError cursor.invalid. */
  list({ tenantId }: Identity, { limit, cursor }: PageQuery): Promise<ProjectPage> {
    const [after] = cursor === undefined ? [null] : decodeCursor(position, cursor);
    return this.repository.inTenant(tenantId, async (tx) => {
      const page = toPage(await this.repository.list(tx, tenantId, limit + 1, after), limit, ({ id }) => [id]);
      return { ...page, data: page.data.map(toProject) };
    });
  }

  get({ tenantId }: Identity, id: string): Promise<Project> {
    return this.repository.inTenant(tenantId, async (tx) =>
      toProject(found(await this.repository.find(tx, tenantId, id))),
    );
  }

  update({ tenantId }: Identity, id: string, changes: UpdateProjectRequest): Promise<Project> {
    return this.repository.inTenant(tenantId, async (tx) => {
      const project = found(await this.repository.lock(tx, tenantId, id));
      const { name = project.name, model = project.model, limits = project.limits } = changes;
      const { instructions = project.instructions } = changes;
      const { concurrency = project.concurrency, context = project.context } = changes;
      const changed = { ...project, name, model, instructions, limits, concurrency, context };
      return toProject(found(await this.repository.update(tx, changed)));
    });
  }

  /** Its sessions stay, without a project. */
  delete({ tenantId, subject }: Identity, id: string): Promise<void> {
    return this.repository.inTenant(tenantId, async (tx) => {
      if (!(await this.repository.remove(tx, tenantId, id))) throw new AppError('project.not_found');
      await this.outbox.add(tx, projectDeleted, tenantId, { project_id: id, deleted_by: subject });
    });
  }
}

function found(project: StoredProject | undefined): StoredProject {
  if (!project) throw new AppError('project.not_found');
  return project;
}

const toProject = ({ tenantId: _, createdAt, updatedAt, ...project }: StoredProject): Project => ({
  ...project,
  created_at: createdAt.toISOString(),
  updated_at: updatedAt.toISOString(),
});
