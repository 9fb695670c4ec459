import { Injectable } from '@nestjs/common';
import {
  AppError,
  decodeCursor,
  toPage,
  type CreateProjectRequest,
  type Identity,
  type PageQuery,
  type Project,
  type ProjectPage,
  type UpdateProjectRequest,
} from '@parley/contracts';
import { v7 as uuidv7 } from 'uuid';
import { z } from 'zod';
import { ProjectsRepository, type StoredProject } from './projects.repository.js';

const position = z.tuple([z.uuid()]);

/** Every method but `create` and `list` throws AppError project.not_found, also for another tenant's project. */
@Injectable()
export class ProjectsService {
  constructor(private readonly repository: ProjectsRepository) {}

  create({ tenantId }: Identity, { name }: CreateProjectRequest): Promise<Project> {
    return this.repository.inTenant(tenantId, async (tx) =>
      toProject(await this.repository.add(tx, tenantId, uuidv7(), name)),
    );
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
    return this.repository.inTenant(tenantId, async (tx) => toProject(await this.repository.find(tx, tenantId, id)));
  }

  update({ tenantId }: Identity, id: string, { name }: UpdateProjectRequest): Promise<Project> {
    return this.repository.inTenant(tenantId, async (tx) =>
      toProject(await this.repository.rename(tx, tenantId, id, name)),
    );
  }

  delete({ tenantId }: Identity, id: string): Promise<void> {
    return this.repository.inTenant(tenantId, async (tx) => {
      if (!(await this.repository.remove(tx, tenantId, id))) throw new AppError('project.not_found');
    });
  }
}

function toProject(project: StoredProject | undefined): Project {
  if (!project) throw new AppError('project.not_found');
  const { id, name, createdAt, updatedAt } = project;
  return { id, name, created_at: createdAt.toISOString(), updated_at: updatedAt.toISOString() };
}
