import type { Instance } from './instance.js';

/** What a source says about a service when something changed. */
export interface AddressAnswer {
  readonly instances: readonly Instance[];
  /**
   * False when this answer does not follow from the one before it: the first one, or the first after the source was
   * lost or started anew. An empty answer then says nothing about the instances that were known before.
   */
  readonly continuous: boolean;
}

/** Where addresses come from: Consul, or configuration. */
export interface AddressSource {
  /** Calls back at once or soon with what is known, and again whenever it changes. Called once per service. */
  follow(service: string, onAnswer: (answer: AddressAnswer) => void): void;
  /** Those that there should be at this moment, whether they are well or not. @throws when the source does not answer. */
  registered(service: string): Promise<readonly Instance[]>;
}
