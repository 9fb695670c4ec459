import type { HealthStatus, InstanceHealth, PlatformHealth } from '@parley/contracts';

/** One service as the gateway sees it; `health` is missing where no instance answered. */
export interface ServiceReport {
  readonly service: string;
  readonly instances: number;
  readonly health?: InstanceHealth | undefined;
}

/**
 * Sums up: a server is down when any service says so, the platform is degraded when anything is missing, and down when
 * nothing but the gateway is left.
 */
export function summarise(reports: readonly ServiceReport[]): PlatformHealth {
  const servers: PlatformHealth['servers'] = {};
  for (const [name, part] of reports.flatMap(({ health }) => Object.entries(health?.parts ?? {})))
    if (servers[name]?.status !== 'down') servers[name] = part;
  return {
    status: overall(reports.map(statusOf)),
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

function overall(statuses: readonly HealthStatus[]): HealthStatus {
  if (statuses.every((status) => status === 'ok')) return 'ok';
  return statuses.every((status) => status === 'down') ? 'down' : 'degraded';
}
