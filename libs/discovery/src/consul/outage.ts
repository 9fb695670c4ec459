import type { Log } from '@parley/service-kit';

/** Says once that Consul is gone and once that it is back, however many questions notice. */
export class Outage {
  private down = false;

  constructor(private readonly log: Log) {}

  readonly begin = (err: unknown): void => {
    if (this.down) return;
    this.down = true;
    this.log.warn({ err }, 'Consul does not answer; the last known addresses and settings stay in use');
  };

  readonly end = (): void => {
    if (!this.down) return;
    this.down = false;
    this.log.info('Consul answers again');
  };
}
