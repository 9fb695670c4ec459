import type { AddressAnswer, AddressSource } from './address-source.js';
import type { StaticAddress } from './config.js';
import { originOf, type Instance } from './instance.js';

/** The addresses of PARLEY_ADDRESSES; they never change. */
export class StaticAddresses implements AddressSource {
  constructor(private readonly addresses: readonly StaticAddress[]) {}

  follow(service: string, onAnswer: (answer: AddressAnswer) => void): void {
    const own = this.addresses.filter((address) => address.service === service);
    onAnswer({ instances: own.map(toInstance), continuous: true });
  }
}

function toInstance({ service, url }: StaticAddress): Instance {
  const { hostname, port } = new URL(url);
  const host = hostname.replace(/^\[|\]$/g, '');
  const origin = originOf(host, Number(port || 80));
  return { id: `${service}@${host}:${port || 80}`, service, host, port: Number(port || 80), origin, version: null };
}
