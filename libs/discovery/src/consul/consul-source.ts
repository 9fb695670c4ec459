import type { Clock } from '@parley/resilience';
import type { AddressAnswer, AddressSource } from '../address-source.js';
import type { Instance } from '../instance.js';
import type { SettingsSource } from '../live-config.js';
import { blockingQuery, type Indexed } from './blocking-query.js';
import type { ConsulAgent } from './consul-agent.js';
import type { Outage } from './outage.js';

type Ask<T> = (index: number | undefined, signal: AbortSignal) => Promise<Indexed<T>>;

/** Addresses and settings as Consul has them, each followed by its own blocking query until `close`. */
export class ConsulSource implements AddressSource, SettingsSource {
  private readonly stops: (() => void)[] = [];

  constructor(
    private readonly agent: ConsulAgent,
    private readonly outage: Outage,
    private readonly clock: Clock,
  ) {}

  follow(service: string, onAnswer: (answer: AddressAnswer) => void): void {
    this.query(
      (index, signal) => this.agent.passing(service, index, signal),
      (instances, continuous) => onAnswer({ instances, continuous }),
    );
  }

  registered(service: string): Promise<Instance[]> {
    return this.agent.registered(service);
  }

  followSettings(key: string, onValue: (json: string | undefined) => void): void {
    this.query((index, signal) => this.agent.value(key, index, signal), onValue);
  }

  close(): void {
    for (const stop of this.stops.splice(0)) stop();
  }

  private query<T>(ask: Ask<T>, onAnswer: (value: T, continuous: boolean) => void): void {
    const stop = blockingQuery<T>({
      ask,
      clock: this.clock,
      onError: this.outage.begin,
      onAnswer: (value, continuous) => {
        this.outage.end();
        onAnswer(value, continuous);
      },
    });
    this.stops.push(stop);
  }
}
