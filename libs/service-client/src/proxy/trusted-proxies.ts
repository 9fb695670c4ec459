import type { IncomingMessage } from 'node:http';
import { BlockList, isIP, isIPv6 } from 'node:net';

/** The proxies in front of us whose word about the client is taken. */
export class TrustedProxies {
  private readonly networks = new BlockList();

  /** @param list addresses, and networks in CIDR notation; empty trusts nobody. */
  constructor(list: readonly string[]) {
    for (const entry of list) this.add(entry);
  }

  has(address: string): boolean {
    const plain = unmapped(address);
    return this.networks.check(plain, familyOf(plain));
  }

  /** The nearest of those that the request came through which is none of these proxies; undefined where it is no address. */
  clientOf({ headers, socket }: Pick<IncomingMessage, 'headers' | 'socket'>): string | undefined {
    const hops = String(headers['x-forwarded-for'] ?? '').split(',');
    let address = unmapped(socket.remoteAddress ?? '');
    while (isIP(address) && this.has(address) && hops.some(Boolean)) address = unmapped((hops.pop() ?? '').trim());
    return isIP(address) ? address : undefined;
  }

  private add(entry: string): void {
    const [address = '', prefix] = entry.split('/');
    if (prefix === undefined) this.networks.addAddress(address, familyOf(address));
    else this.networks.addSubnet(address, Number(prefix), familyOf(address));
  }
}

const familyOf = (address: string): 'ipv4' | 'ipv6' => (isIPv6(address) ? 'ipv6' : 'ipv4');

/** A socket that listens on both families gives IPv4 peers as `::ffff:10.0.0.1` (RFC 4291 §2.5.5.2). */
export const unmapped = (address: string): string => address.replace(/^::ffff:(?=\d+\.)/i, '');
