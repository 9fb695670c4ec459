/** Lets a committer wake the relay that waits for work in the same process. */
export class WakeSignal {
  private pending = false;
  private waiter: (() => void) | undefined;

  /** A wake-up with nobody waiting is kept for the next one to wait. */
  wake(): void {
    this.pending = true;
    this.waiter?.();
  }

  /** Resolves at the next wake-up, or when `timer` calls back. */
  wait(timer: (fire: () => void) => () => void): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        this.waiter = undefined;
        this.pending = false;
        cancel();
        resolve();
      };
      const cancel = timer(done);
      this.waiter = done;
      if (this.pending) done();
    });
  }
}
