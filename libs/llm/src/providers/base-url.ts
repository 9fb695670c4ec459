import { BlockList, isIP } from 'node:net';

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8);
loopback.addAddress('::1', 'ipv6');

/** Addresses that are routed nowhere outside (RFC 1918, RFC 6598, RFC 3927, RFC 4193, RFC 4291 §2.5.6). */
const privateAddresses = new BlockList();
for (const [net, prefix] of [
  ['10.0.0.0', 8],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
  ['100.64.0.0', 10],
  ['169.254.0.0', 16],
] as const)
  privateAddresses.addSubnet(net, prefix);
privateAddresses.addSubnet('fc00::', 7, 'ipv6');
privateAddresses.addSubnet('fe80::', 10, 'ipv6');

const within = (list: BlockList, host: string): boolean => {
  const family = isIP(host);
  return family !== 0 && list.check(host, family === 6 ? 'ipv6' : 'ipv4');
};

const isLoopback = (host: string): boolean => host === 'localhost' || within(loopback, host);

/** A name is private where the operator says so; an address has to be one. */
const mayBePrivate = (host: string): boolean => isIP(host) === 0 || isLoopback(host) || within(privateAddresses, host);

/**
 * What is wrong with a provider's address. Keys and questions go over it: without TLS only within this machine, or where
 * the operator says that the network is private.
 */
export function baseUrlProblem(text: string, network: 'internet' | 'private'): string | undefined {
  const { protocol, hostname, username, password, search, hash } = new URL(text);
  if (username !== '' || password !== '') return 'must hold no credential: give it in api_keys';
  if (search !== '' || hash !== '') return 'must end with its path';
  const host = hostname.replace(/^\[|\]$/g, '');
  if (protocol === 'https:' || isLoopback(host)) return undefined;
  if (network === 'internet') return 'must be https, unless the provider says "network": "private"';
  return mayBePrivate(host) ? undefined : 'must be https: its address is a public one';
}
