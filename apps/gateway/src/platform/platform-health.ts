import type { HealthStatus, InstanceHealth, PlatformHealth } from '@parley/contracts';

/** One service as the gateway sees it; `health` is missing where no instance answered. */
export interface ServiceReport {
  readonly service: string;
  readonly instances: number;
  readonly health?: InstanceHealth | undefined;
}

/**
 * Sums up: a server is down when any service says so. The platform is down when a part of the public surface is: a
 * service of which no instance answers, or that has no database; it is degraded when anything else is missing.
 */
export function summarise(reports: readonly ServiceReport[]): PlatformHealth {
  const servers: PlatformHealth['servers'] = {};
  for (const [name, part] of reports.flatMap(({ health }) => Object.entries(health?.parts ?? {})))
    if (servers[name]?.status !== 'down') servers[name] = part;
  return {
    status: overall(reports.map(statusOf), servers),
    services: Object.fromEntries(
      reports.map((report) => [
        report.service,
        { status: statusOf(report), instances: report.instances, version: report.health?.version ?? null },
      ]),
    ),
    servers,
  };
}

const statusOf = ({ health }: ServiceReport): HealthStatus => health?.status ?? 'down';

function overall(statuses: readonly HealthStatus[], { database }: PlatformHealth['servers']): HealthStatus {
  if (statuses.includes('down') || database?.status === 'down') return 'down';
  return statuses.every((status) => status === 'ok') ? 'ok' : 'degraded';
}
