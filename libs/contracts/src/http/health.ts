import { z } from 'zod';

/** `down` only while starting, draining, or without the own database; anything else missing is `degraded`. */
export const healthStatus = z.enum(['ok', 'degraded', 'down']);
export type HealthStatus = z.infer<typeof healthStatus>;

export const partHealth = z.strictObject({
  status: z.enum(['ok', 'down']),
  /** Why it is down, in words that name no address or secret. */
  reason: z.string().optional(),
});

/** One instance about itself, at `/health` and `/health/ready`. */
export const instanceHealth = z
  .strictObject({
    status: healthStatus,
    service: z.string(),
    version: z.string(),
    uptime_s: z.int(),
    parts: z.record(z.string(), partHealth),
  })
  .meta({ id: 'InstanceHealth' });
export type InstanceHealth = z.infer<typeof instanceHealth>;

/**
 * The whole platform, at the gateway’s public `/health`: `down`, and 503, when a service of the public surface answers
 * nowhere or has no database; `degraded`, and 200, when anything else is missing.
 */
export const platformHealth = z
  .strictObject({
    status: healthStatus,
    services: z.record(
      z.string(),
      z.strictObject({ status: healthStatus, instances: z.int(), version: z.string().nullable() }),
    ),
    servers: z.record(z.string(), partHealth),
  })
  .meta({ id: 'PlatformHealth' });
export type PlatformHealth = z.infer<typeof platformHealth>;
