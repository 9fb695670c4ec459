import { Injectable } from '@nestjs/common';
import { AppError, type Identity, type Tenant, type UpdateTenantRequest } from '@parley/contracts';
import { TenantsRepository, type StoredTenant } from './tenants.repository.js';

/** The tenant of the caller; nobody can name another. */
@Injectable()
export class TenantsService {
  constructor(private readonly tenants: TenantsRepository) {}

  async get({ tenantId }: Identity): Promise<Tenant> {
    return toTenant(await this.tenants.find(tenantId));
  }

  async update({ tenantId }: Identity, { name }: UpdateTenantRequest): Promise<Tenant> {
    return toTenant(await this.tenants.rename(tenantId, name));
  }
}

function toTenant(tenant: StoredTenant | undefined): Tenant {
  if (!tenant) throw new AppError('credential.invalid', { internal: 'a token of a tenant that is not there' });
  return { id: tenant.id, name: tenant.name, created_at: tenant.createdAt.toISOString() };
}
