import { join } from 'node:path';
import { workspace } from '../home.ts';
import { demandFree } from '../ports.ts';
import type { UnitDefinition } from '../processes/unit.ts';

export interface InstanceOptions {
  readonly service: string;
  /** `gateway` for the first, `gateway-2` for the second. */
  readonly name: string;
  readonly port: number;
  readonly edgePort?: number | undefined;
  readonly env: Readonly<Record<string, string>>;
}

/** Longer than a service's own drain, so that it ends in good order. */
const graceMs = 35_000;

/** How an instance of a service is run: as its image runs it, from its build. */
export function instanceUnit({ service, name, port, edgePort, env }: InstanceOptions): UnitDefinition {
  const detail = edgePort === undefined ? `port ${port}` : `port ${port}, edge ${edgePort}`;
  return {
    name,
    title: name,
    detail,
    readyWithinMs: 60_000,
    probe: () => askReady(port),
    programs: async () => {
      for (const needed of [port, edgePort]) if (needed !== undefined) await demandFree(needed, name);
      return [{ name, ...nodeCommand, env, cwd: join(workspace, 'apps', service), graceMs }];
    },
  };
}

/** The command of every service's Dockerfile. */
export const nodeCommand = {
  command: process.execPath,
  args: ['--import', '@parley/service-kit/tracing', 'dist/main.js'],
} as const;

async function askReady(port: number): Promise<void> {
  const response = await fetch(`http://127.0.0.1:${port}/health/ready`, { signal: AbortSignal.timeout(2_000) });
  if (!response.ok) throw new Error(`/health/ready answers ${response.status}: ${await response.text()}`);
}
