import type { Clock } from '@parley/resilience';
import type { Log } from '@parley/service-kit';
import type { ConsulAgent, Registration } from './consul-agent.js';
import type { Outage } from './outage.js';

/** How often the registration is looked for; a Consul that started empty has it back within this and one check. */
const presenceIntervalMs = 2_000;

/** Keeps this instance registered from `start` to `stop`, also over restarts of Consul that lose everything. */
export class Registrar {
  private registration: Registration | undefined;
  private pass = Promise.resolve();
  private cancelNext = (): void => {};

  constructor(
    private readonly agent: Pick<ConsulAgent, 'isRegistered' | 'register' | 'deregister'>,
    private readonly outage: Outage,
    private readonly clock: Clock,
    private readonly log: Log,
  ) {}

  start(registration: Registration): void {
    this.registration = registration;
    this.pass = this.ensure(registration);
  }

  /** Leaves Consul. Never throws: an instance that cannot say goodbye fails its check instead. */
  async stop(): Promise<void> {
    const { registration } = this;
    if (registration === undefined) return;
    this.registration = undefined;
    this.cancelNext();
    // A pass under way could register again after we left.
    await this.pass;
    await this.agent.deregister(registration.id).catch(this.outage.begin);
  }

  private async ensure(registration: Registration): Promise<void> {
    try {
      if (!(await this.agent.isRegistered(registration.id))) {
        await this.agent.register(registration);
        this.log.info({ id: registration.id, port: registration.port }, 'registered with Consul');
      }
      this.outage.end();
    } catch (error) {
      this.outage.begin(error);
    }
    if (this.registration !== registration) return;
    this.cancelNext = this.clock.setTimeout(() => {
      this.pass = this.ensure(registration);
    }, presenceIntervalMs);
  }
}
