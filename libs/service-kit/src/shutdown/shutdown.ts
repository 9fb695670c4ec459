import type { Clock } from '../clock.js';
import type { Log } from '../log/log.js';

/** In this order: leave discovery; take nothing in and finish what is in flight; write out what waits; close connections. */
export const shutdownPhases = ['announce', 'intake', 'work', 'connections'] as const;
export type ShutdownPhase = (typeof shutdownPhases)[number];

/** `signal` aborts when the phase's time is up; what has not ended then is left behind. */
export type ShutdownStep = (signal: AbortSignal) => Promise<void> | void;

export interface DrainTimes {
  /** Wait between announcing and closing the door. */
  readonly announceMs: number;
  /** How long the requests in flight may take. */
  readonly intakeMs: number;
}

/** Phases other than `intake`: nobody waits for more than a few round trips there. */
const phaseLimitMs = 3_000;

/** Ends the process in good order. The steps of a phase run at the same time; one that fails does not hold up the rest. */
export class Shutdown {
  private readonly steps: Record<ShutdownPhase, ShutdownStep[]> = {
    announce: [],
    intake: [],
    work: [],
    connections: [],
  };
  private running: Promise<void> | undefined;

  constructor(
    private readonly clock: Clock,
    private readonly log: Log,
  ) {}

  register(phase: ShutdownPhase, step: ShutdownStep): void {
    this.steps[phase].push(step);
  }

  /** True once it has begun. */
  get draining(): boolean {
    return this.running !== undefined;
  }

  /** Runs all phases, once: a second call waits for the first. */
  run(times: DrainTimes): Promise<void> {
    this.running ??= this.runPhases(times);
    return this.running;
  }

  private async runPhases({ announceMs, intakeMs }: DrainTimes): Promise<void> {
    for (const phase of shutdownPhases) {
      await this.runPhase(phase, phase === 'intake' ? intakeMs : phaseLimitMs);
      if (phase === 'announce' && announceMs > 0)
        await new Promise<void>((resolve) => void this.clock.setTimeout(resolve, announceMs));
    }
  }

  private async runPhase(phase: ShutdownPhase, limitMs: number): Promise<void> {
    const limit = new AbortController();
    const timeUp = Promise.withResolvers<undefined>();
    const cancel = this.clock.setTimeout(() => {
      this.log.warn({ phase, limit_ms: limitMs }, 'a phase of the shutdown took too long');
      limit.abort();
      timeUp.resolve(undefined);
    }, limitMs);
    const steps = this.steps[phase].map((step) => this.runStep(phase, step, limit.signal));
    await Promise.race([Promise.all(steps), timeUp.promise]);
    cancel();
  }

  private async runStep(phase: ShutdownPhase, step: ShutdownStep, signal: AbortSignal): Promise<void> {
    try {
      await step(signal);
    } catch (err) {
      this.log.error({ err, phase }, 'a step of the shutdown failed');
    }
  }
}
