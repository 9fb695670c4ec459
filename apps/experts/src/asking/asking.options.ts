import type { Config } from '../config.js';

/** How experts are asked, for injection. */
export class AskingOptions {
  /** Of experts that have none. */
  readonly model: string | undefined;
  /** Longest time of one expert. */
  readonly timeoutMs: number;
  /** Experts in flight. */
  readonly maxConcurrent: number;

  constructor(config: Pick<Config, 'EXPERTS_MODEL' | 'EXPERT_TIMEOUT_MS' | 'EXPERTS_MAX_CONCURRENT'>) {
    this.model = config.EXPERTS_MODEL;
    this.timeoutMs = config.EXPERT_TIMEOUT_MS;
    this.maxConcurrent = config.EXPERTS_MAX_CONCURRENT;
  }
}
