import { defineRoute, instanceHealth, type ServiceName } from '@parley/contracts';
import { z } from 'zod';

/** The services that the platform consists of, in the order in which people read of them. */
export const services = [
  'gateway',
  'auth',
  'sessions',
  'experts',
  'mcp-hub',
  'analytics',
] as const satisfies readonly ServiceName[];

/** What an instance tells about itself, ready or not. */
export const healthOf = (service: ServiceName) =>
  defineRoute({ service, method: 'GET', path: '/internal/health', response: instanceHealth });

export const documentOf = (service: ServiceName) =>
  defineRoute({ service, method: 'GET', path: '/internal/openapi.json', response: z.looseObject({}) });
