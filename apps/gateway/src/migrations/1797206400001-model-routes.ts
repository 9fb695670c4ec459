import { tenantTable } from '@parley/persistence';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Names that a tenant’s callers give as a model, and the models that answer to them. */
export class ModelRoutes1797206400001 implements MigrationInterface {
  readonly name = 'ModelRoutes1797206400001';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`create table model_routes (
      tenant_id uuid not null,
      name text not null,
      targets jsonb not null,
      strategy text not null,
      hedge_after_ms integer,
      revision uuid not null,
      created_at timestamptz not null,
      updated_at timestamptz not null,
      primary key (tenant_id, name)
    )`);
    await tenantTable(runner, 'model_routes');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table model_routes');
  }
}
