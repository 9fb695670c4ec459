import { BlockList, isIPv4 } from 'node:net';

/** Bits of an IPv6 address before the IPv4 address that it may hold (RFC 4291 §2.5.5.2). */
const mappedBits = 96;

interface Block {
  readonly network: string;
  readonly family: 'ipv4' | 'ipv6';
  readonly prefix: number;
}

/** An address is a block of its own. */
function read(block: string): Block {
  const [network = '', prefix] = block.split('/', 2);
  const family = isIPv4(network) ? 'ipv4' : 'ipv6';
  return { network, family, prefix: prefix === undefined ? (family === 'ipv4' ? 32 : 128) : Number(prefix) };
}

function listOf(blocks: readonly Block[]): BlockList {
  const list = new BlockList();
  for (const { network, family, prefix } of blocks) list.addSubnet(network, prefix, family);
  return list;
}

const bitsOf = ({ family, prefix }: Block): number => (family === 'ipv4' ? mappedBits + prefix : prefix);

/** Whether one of the blocks has the address. An IPv4 address within an IPv6 one is itself. */
export const hasAddress = (blocks: readonly string[], address: string): boolean =>
  listOf(blocks.map(read)).check(address, isIPv4(address) ? 'ipv4' : 'ipv6');

/** Whether every address of the block is in one of the others. Those that only together have them all do not count. */
export function isWithin(block: string, others: readonly string[]): boolean {
  const inner = read(block);
  return others
    .map(read)
    .some((outer) => bitsOf(outer) <= bitsOf(inner) && listOf([outer]).check(inner.network, inner.family));
}
