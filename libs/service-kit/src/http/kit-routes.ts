import type { OpenAPIObject } from '@nestjs/swagger';
import type { InstanceHealth } from '@parley/contracts';
import type { FastifyInstance, FastifyReply } from 'fastify';
import type { HealthRegistry } from '../health/health-registry.js';
import type { Metrics } from '../metrics/metrics.js';
import type { ServiceInfo } from '../service-info.js';

export interface KitRoutes {
  readonly info: ServiceInfo;
  readonly health: HealthRegistry;
  readonly metrics: Metrics;
  /** What the service says of its own API. */
  readonly describe: () => Promise<OpenAPIObject>;
}

/** Asked every few seconds by machines: their log lines are written at debug. */
export const quietRoutes: ReadonlySet<string> = new Set(['/health/live', '/health/ready', '/health', '/metrics']);

/**
 * Probes, metrics and the API document, which the gateway reads for its reference. They are Fastify's own routes, so that no guard of the service stands before them. `/health` is
 * left to a service that has its own, as the gateway does for the whole platform.
 */
export function addKitRoutes(fastify: FastifyInstance, { info, health, metrics, describe }: KitRoutes): void {
  const report = async (reply: FastifyReply): Promise<InstanceHealth> => {
    const { status, parts } = await health.report();
    reply.code(status === 'down' ? 503 : 200).header('cache-control', 'no-store');
    return { status, service: info.service, version: info.version, uptime_s: Math.floor(process.uptime()), parts };
  };
  fastify.get('/health/live', () => ({ status: 'ok' }));
  fastify.get('/health/ready', (_request, reply) => report(reply));
  if (!fastify.hasRoute({ method: 'GET', url: '/health' })) fastify.get('/health', (_request, reply) => report(reply));
  fastify.get('/metrics', async (_request, reply) => {
    reply.header('content-type', metrics.contentType);
    return metrics.expose();
  });
  let document: Promise<OpenAPIObject> | undefined;
  fastify.get('/internal/openapi.json', () => (document ??= describe()));
}
