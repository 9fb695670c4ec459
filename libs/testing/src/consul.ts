import { fromTestServers, uniqueSuffix } from './servers.js';

/** The test run's Consul, shared by all files: names keep them apart. */
export interface TestConsul {
  readonly url: string;
  /** A service name that no other test file uses, for registrations and for its key in the key-value store. */
  serviceName(base: string): string;
}

export function testConsul(): TestConsul {
  const suffix = uniqueSuffix();
  return { url: fromTestServers('CONSUL_URL'), serviceName: (base) => `${base}-${suffix}` };
}
