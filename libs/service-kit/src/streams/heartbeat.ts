import type { Clock } from '../clock.js';

/** Beats whenever nothing was heard for so long. One timer, which looks when that was: what is heard costs a look at the clock. */
export class Heartbeat {
  private heardAt: number;
  private cancel: () => void;

  constructor(
    private readonly clock: Clock,
    private readonly ms: number,
    private readonly beat: () => void,
  ) {
    this.heardAt = clock.now();
    this.cancel = clock.setTimeout(this.look, ms);
  }

  heard(): void {
    this.heardAt = this.clock.now();
  }

  stop(): void {
    this.cancel();
  }

  private readonly look = (): void => {
    const dueMs = this.heardAt + this.ms - this.clock.now();
    if (dueMs <= 0) this.beat();
    this.cancel = this.clock.setTimeout(this.look, dueMs > 0 ? dueMs : this.ms);
  };
}
