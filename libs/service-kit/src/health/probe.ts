import type { InstanceHealth } from '@parley/contracts';
import { timeout, isRejected, type Policy } from '@parley/resilience';
import type { Clock } from '../clock.js';
import type { Log } from '../log/log.js';

/** One thing that the service needs. */
export interface Probe {
  /** For example `database`. */
  readonly name: string;
  /** Without it for 10 s the instance is not ready; default false: without it the instance is degraded. */
  readonly critical?: boolean;
  /** Resolves when it works, rejects when it does not; without an answer in 2 s it counts as down. */
  readonly check: (signal: AbortSignal) => Promise<void>;
}

type Result = InstanceHealth['parts'][string];

const checkTimeoutMs = 2_000;
/** However often somebody asks, a part is checked once in this time. */
const freshMs = 1_000;

/** A probe with what it last found. */
export class ProbeState {
  private readonly limit: Policy;
  private checked: { readonly at: number; readonly result: Promise<Result> } | undefined;
  private downSince: number | undefined;

  constructor(
    private readonly probe: Probe,
    private readonly clock: Clock,
    private readonly log: Log,
  ) {
    this.limit = timeout({ name: probe.name, ms: checkTimeoutMs, clock });
  }

  get name(): string {
    return this.probe.name;
  }

  get critical(): boolean {
    return this.probe.critical ?? false;
  }

  get isDown(): boolean {
    return this.downSince !== undefined;
  }

  /** How long it has been down, as far as anybody looked. */
  get downMs(): number {
    return this.downSince === undefined ? 0 : this.clock.now() - this.downSince;
  }

  check(): Promise<Result> {
    const now = this.clock.now();
    if (!this.checked || now - this.checked.at >= freshMs) this.checked = { at: now, result: this.run() };
    return this.checked.result;
  }

  private async run(): Promise<Result> {
    try {
      await this.limit.execute((signal) => this.probe.check(signal));
      if (this.isDown) this.log.info({ part: this.name, down_ms: this.downMs }, 'a part of the service is back');
      this.downSince = undefined;
      return { status: 'ok' };
    } catch (err) {
      if (!this.isDown) this.log.warn({ err, part: this.name }, 'a part of the service is down');
      this.downSince ??= this.clock.now();
      return { status: 'down', reason: reasonOf(err) };
    }
  }
}

/** Never the error's own text, which names addresses. */
function reasonOf(error: unknown): string {
  if (isRejected(error)) return 'no answer in time';
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' && /^[\w.]{1,40}$/.test(code) ? code : 'the check failed';
}
