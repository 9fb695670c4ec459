import { tenantTable } from '@parley/persistence';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Tenants' own prices. Versions are kept for good: records of usage name the one that they were reckoned by. */
export class ModelPriceVersions1797206400000 implements MigrationInterface {
  readonly name = 'ModelPriceVersions1797206400000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`create table model_price_versions (
      id uuid primary key,
      tenant_id uuid not null,
      effective_from timestamptz not null,
      source text not null,
      models jsonb not null,
      created_at timestamptz not null,
      created_by uuid not null
    )`);
    await runner.query(`create index model_price_versions_effective_from
      on model_price_versions (tenant_id, effective_from desc, id desc)`);
    await tenantTable(runner, 'model_price_versions');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table model_price_versions');
  }
}
