import { AppError } from '@parley/contracts';
import type { Clock } from '@parley/resilience';
import type { AddressSource } from './address-source.js';
import { Fleet } from './fleet.js';
import type { Instance } from './instance.js';

/** How long the first caller of a service waits for its addresses. */
const firstAnswerMs = 1_000;
const noneTried: ReadonlySet<string> = new Set();

interface Followed {
  readonly fleet: Fleet;
  /** Settles with the first answer, or after `firstAnswerMs`; gone once it has. */
  first: Promise<undefined> | undefined;
}

/** The instances of every service, as the source lists them and as calls find them. A service is followed from its first use. */
export class Directory {
  private readonly services = new Map<string, Followed>();

  constructor(
    private readonly source: AddressSource,
    private readonly clock: Clock,
    private readonly random: () => number = Math.random,
  ) {}

  /** Waits, at most a second, until the first answer about a service is in; afterwards it returns at once. */
  async ready(service: string): Promise<void> {
    await this.followed(service).first;
  }

  /** Empty before the first answer: see `ready`. */
  instances(service: string): readonly Instance[] {
    return this.followed(service).fleet.instances;
  }

  /** All instances that there should be, also those that calls do not find because they fail their check. */
  async registered(service: string): Promise<readonly Instance[]> {
    await this.ready(service);
    // Through an outage of the source, and where it has lost its memory, those that calls find are there all the same.
    const registered = await this.source.registered(service).catch((): readonly Instance[] => []);
    const all = [...this.instances(service), ...registered];
    return [...new Map(all.map((instance) => [instance.id, instance])).values()];
  }

  /**
   * The instance that should answer soonest. Each choice counts as a call in flight until it is reported.
   * @param tried ids of instances to avoid while there is another.
   * @throws AppError service.unavailable when there is none.
   */
  choose(service: string, tried: ReadonlySet<string> = noneTried): Instance {
    const chosen = this.followed(service).fleet.choose(this.clock.now(), this.random, tried);
    if (chosen !== undefined) return chosen;
    throw new AppError('service.unavailable', { internal: `no instance of ${service} is known`, retryAfterMs: 1_000 });
  }

  /** Ends what `choose` began. `latencyMs` is the time to the answer's head; `ok` is false when the instance is to blame. */
  report(instance: Instance, latencyMs: number, ok: boolean): void {
    this.followed(instance.service).fleet.report(instance, this.clock.now(), latencyMs, ok);
  }

  /** Ends what `choose` began without a verdict, as when the caller went away. */
  release(instance: Instance): void {
    this.followed(instance.service).fleet.release(instance);
  }

  private followed(service: string): Followed {
    return this.services.get(service) ?? this.follow(service);
  }

  private follow(service: string): Followed {
    const { promise, resolve } = Promise.withResolvers<undefined>();
    const followed: Followed = { fleet: new Fleet(), first: promise };
    this.services.set(service, followed);
    const settle = (): void => {
      followed.first = undefined;
      stopWaiting();
      resolve(undefined);
    };
    const stopWaiting = this.clock.setTimeout(settle, firstAnswerMs);
    this.source.follow(service, (answer) => {
      followed.fleet.update(answer);
      settle();
    });
    return followed;
  }
}
