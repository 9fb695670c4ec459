import type { HealthStatus, InstanceHealth } from '@parley/contracts';
import type { Clock } from '../clock.js';
import { silentLog } from '../log/create-log.js';
import type { Log } from '../log/log.js';
import { ProbeState, type Probe } from './probe.js';

/** Where the process is in its life; it is ready only while serving. */
export type LifePhase = 'starting' | 'serving' | 'draining';

/** A critical part may be gone for this long before the instance counts as not ready. */
const toleranceMs = 10_000;

/** What the service needs, and whether it is there. */
export class HealthRegistry {
  /** Set by the kit. */
  phase: LifePhase = 'starting';
  private readonly probes = new Map<string, ProbeState>();

  constructor(
    private readonly clock: Clock,
    private readonly log: Log = silentLog,
  ) {}

  register(probe: Probe): void {
    this.probes.set(probe.name, new ProbeState(probe, this.clock, this.log));
  }

  /** Runs the checks that are older than a second, all at once. */
  async report(): Promise<Pick<InstanceHealth, 'status' | 'parts'>> {
    const states = [...this.probes.values()];
    const parts = await Promise.all(states.map(async (state) => [state.name, await state.check()] as const));
    return { status: this.status(states), parts: Object.fromEntries(parts) };
  }

  private status(states: readonly ProbeState[]): HealthStatus {
    if (this.phase !== 'serving') return 'down';
    if (states.some((state) => state.critical && state.downMs >= toleranceMs)) return 'down';
    return states.some((state) => state.isDown) ? 'degraded' : 'ok';
  }
}
