import { Module, type DynamicModule } from '@nestjs/common';
import { HealthRegistry, Log, Metrics, ServiceInfo, Shutdown } from '@parley/service-kit';
import type { DatabaseConfig } from './config.js';
import { Database } from './database.js';
import { DatabaseRoles, type OpenOptions } from './database-roles.js';
import { SystemDatabase } from './system-database.js';

export interface PersistenceOptions extends Pick<OpenOptions, 'entities' | 'migrations'> {
  readonly config: DatabaseConfig;
}

/** The service's database: migrated, pooled per role, measured, probed, closed on shutdown. */
@Module({})
export class PersistenceModule {
  static forRoot(options: PersistenceOptions): DynamicModule {
    return {
      module: PersistenceModule,
      global: true,
      providers: [
        {
          provide: DatabaseRoles,
          inject: [ServiceInfo, Log, Metrics, HealthRegistry, Shutdown],
          useFactory: async (
            info: ServiceInfo,
            log: Log,
            metrics: Metrics,
            health: HealthRegistry,
            shutdown: Shutdown,
          ) => {
            const roles = await DatabaseRoles.open({ ...options, name: `parley-${info.service}`, log, metrics });
            health.register({ name: 'database', critical: true, check: () => roles.check() });
            shutdown.register('connections', () => roles.close());
            return roles;
          },
        },
        { provide: Database, inject: [DatabaseRoles], useFactory: (roles: DatabaseRoles) => roles.database },
        { provide: SystemDatabase, inject: [DatabaseRoles], useFactory: (roles: DatabaseRoles) => roles.system },
      ],
      exports: [Database, SystemDatabase],
    };
  }
}
