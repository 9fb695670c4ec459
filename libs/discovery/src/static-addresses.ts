import type { AddressAnswer, AddressSource } from './address-source.js';
import type { StaticAddress } from './config.js';
import { originOf, type Instance } from './instance.js';

/** The addresses of PARLEY_ADDRESSES; they never change. */
export class StaticAddresses implements AddressSource {
  constructor(private readonly addresses: readonly StaticAddress[]) {}

  follow(service: string, onAnswer: (answer: AddressAnswer) => void): void {
    onAnswer({ instances: this.of(service), continuous: true });
  }

  async registered(service: string): Promise<Instance[]> {
    return this.of(service);
  }

  private of(service: string): Instance[] {
    return this.addresses.filter((address) => address.service === service).map(toInstance);
  }
}

function toInstance({ service, url }: StaticAddress): Instance {
  const { hostname, port } = new URL(url);
  const host = hostname.replace(/^\[|\]$/g, '');
  const origin = originOf(host, Number(port || 80));
  return { id: `${service}@${host}:${port || 80}`, service, host, port: Number(port || 80), origin, version: null };
}
