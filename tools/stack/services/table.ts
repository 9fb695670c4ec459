/** What a service is started with, beyond its port. */
export type Need = 'database' | 'redis' | 'rabbitmq' | 'providers' | 'edge' | 'first owner' | 'mcp servers';

export interface ServiceSpec {
  readonly name: string;
  /** Of its first instance; further ones take free ports. */
  readonly port: number;
  readonly needs: readonly Need[];
}

/** Every service of the platform. */
export const services: readonly ServiceSpec[] = [
  { name: 'auth', port: 4001, needs: ['database', 'redis', 'rabbitmq', 'first owner'] },
  { name: 'sessions', port: 4002, needs: ['database', 'redis', 'rabbitmq'] },
  { name: 'experts', port: 4003, needs: ['database', 'redis', 'rabbitmq'] },
  { name: 'mcp-hub', port: 4004, needs: ['database', 'redis', 'rabbitmq', 'mcp servers'] },
  { name: 'analytics', port: 4005, needs: ['database', 'redis', 'rabbitmq'] },
  { name: 'gateway', port: 4000, needs: ['database', 'redis', 'rabbitmq', 'providers', 'edge'] },
];
