/** What a service is started with, beyond its port. */
export type Need = 'database' | 'redis' | 'rabbitmq' | 'providers' | 'edge' | 'first owner';

export interface ServiceSpec {
  readonly name: string;
  readonly needs: readonly Need[];
}

/** Every service of the platform; ports are in port-plan.ts. */
export const services: readonly ServiceSpec[] = [
  { name: 'auth', needs: ['database', 'redis', 'rabbitmq', 'first owner'] },
  { name: 'analytics', needs: ['database', 'redis', 'rabbitmq'] },
  { name: 'gateway', needs: ['database', 'redis', 'rabbitmq', 'providers', 'edge'] },
];
