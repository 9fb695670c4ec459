import type { OpenAPIObject } from '@nestjs/swagger';
import type { InstanceHealth } from '@parley/contracts';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
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
 * Probes and metrics, and what the gateway reads for the whole platform: a report that is 200 whatever it says, and the
 * API document. They are Fastify's own routes, so that no guard of the service stands before them. `/health` is left to a
 * service that has its own, as the gateway does.
 */
export function addKitRoutes(fastify: FastifyInstance, { info, health, metrics, describe }: KitRoutes): void {
  const report = async (): Promise<InstanceHealth> => {
    const { status, parts } = await health.report();
    return { status, service: info.service, version: info.version, uptime_s: Math.floor(process.uptime()), parts };
  };
  const probe = async (_request: FastifyRequest, reply: FastifyReply): Promise<InstanceHealth> => {
    const answer = await report();
    reply.code(answer.status === 'down' ? 503 : 200).header('cache-control', 'no-store');
    return answer;
  };
  fastify.get('/health/live', () => ({ status: 'ok' }));
  fastify.get('/health/ready', probe);
  if (!fastify.hasRoute({ method: 'GET', url: '/health' })) fastify.get('/health', probe);
  fastify.get('/internal/health', report);
  fastify.get('/metrics', async (_request, reply) => {
    reply.header('content-type', metrics.contentType);
    return metrics.expose();
  });
  let document: Promise<OpenAPIObject> | undefined;
  fastify.get('/internal/openapi.json', () => (document ??= describe()));
}
