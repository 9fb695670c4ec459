export { databaseConfig, type DatabaseConfig } from './config.js';
export { PersistenceModule, type PersistenceOptions } from './persistence.module.js';
export { Database } from './database.js';
export { SystemDatabase } from './system-database.js';
export type { Scope } from './scope.js';
export type { Sql, Transaction } from './transaction.js';
export { GroupCommit, type GroupCommitOptions } from './group-commit.js';
export { migrate, revertMigrations, type MigrateOptions } from './migrate.js';
export { tenantTable, unprotectedTables, type TenantTableOptions } from './row-security.js';
