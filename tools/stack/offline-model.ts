import { workspace } from './home.ts';
import type { PortPlan } from './port-plan.ts';
import { demandFree } from './ports.ts';
import { Unit, type UnitDefinition, type UnitState } from './processes/unit.ts';
import type { Report } from './report.ts';
import { plainEnv } from './servers/server.ts';

/** The model server that answers where no provider is configured. */
export interface OfflineModel {
  readonly url: string;
  readonly state: UnitState;
  start(): Promise<void>;
  stop(): Promise<void>;
}

export function newOfflineModel(options: { home: string; plan: PortPlan; report: Report }): OfflineModel {
  const port = options.plan.offlineModel;
  const url = `http://127.0.0.1:${port}`;
  const unit = new Unit(options.home, definition(port, url), options.report);
  return {
    url,
    get state() {
      return unit.state;
    },
    start: () => unit.start(),
    stop: () => unit.stop(),
  };
}

const definition = (port: number, url: string): UnitDefinition => ({
  name: 'offline-model',
  title: 'offline model',
  detail: `port ${port}`,
  readyWithinMs: 15_000,
  // Any answer shows that it listens.
  probe: () => fetch(url, { signal: AbortSignal.timeout(2_000) }),
  programs: async () => {
    await demandFree(port, 'the offline model');
    return [
      {
        name: 'offline-model',
        command: process.execPath,
        args: ['tools/offline-model/main.ts'],
        env: { ...plainEnv(), PORT: String(port) },
        cwd: workspace,
      },
    ];
  },
});
