import type { Clock } from '@parley/resilience';

/** How far one try of a passage came, also when it failed. */
export class Progress {
  /** Some of the client's body was taken, so that it cannot be sent again. */
  bodyTaken = false;
  status: number | undefined;
  private readonly startedAt: number;
  private headAt: number | undefined;

  constructor(private readonly clock: Clock) {
    this.startedAt = clock.now();
  }

  /** Until the answer's head, or until now where there is none. */
  get latencyMs(): number {
    return (this.headAt ?? this.clock.now()) - this.startedAt;
  }

  readonly head = (status: number): void => {
    this.status = status;
    this.headAt = this.clock.now();
  };
}
