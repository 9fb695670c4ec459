import { isIPv6 } from 'node:net';

const groups = (text: string): string[] => (text === '' ? [] : text.split(':'));

const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i;

/** Without the form that an IPv4 client has on a socket for both (RFC 4291 §2.5.5.2), and without a zone. */
export const plainAddress = (address: string): string =>
  mapped.exec(address)?.[1] ?? address.split('%', 1)[0] ?? address;

/**
 * What one client may have for itself: an IPv4 address, or a /64 of IPv6 (RFC 6177 §2), whose 2^64 addresses are
 * one sender's to choose from.
 */
export function networkOf(address: string): string {
  const plain = plainAddress(address);
  if (!isIPv6(plain)) return plain;
  const [head = '', tail] = plain.toLowerCase().split('::');
  const [start, end] = [groups(head), groups(tail ?? '')];
  const zeros = Array.from({ length: Math.max(0, 8 - start.length - end.length) }, () => '0');
  const network = [...start, ...zeros, ...end].slice(0, 4);
  return `${network.map((group) => parseInt(group, 16).toString(16)).join(':')}::/64`;
}
