import type { Clock } from '@parley/service-kit';

const windowMs = 10_000;
const maxBytesPerWindow = 64 * 1_024 * 1_024;

/** Counts what a server prints without having been asked: up to 64 MiB in ten seconds are put up with. */
export class UnaskedOutput {
  private window = 0;
  private bytes = 0;

  constructor(private readonly clock: Clock) {}

  /** True when it is too much by now. */
  add(bytes: number): boolean {
    const window = Math.floor(this.clock.now() / windowMs);
    this.bytes = window === this.window ? this.bytes + bytes : bytes;
    this.window = window;
    return this.bytes > maxBytesPerWindow;
  }
}
