import { isIP } from 'node:net';
import { plainAddress } from '@parley/limits';

/** As the database takes it; null where a proxy says what is no address. */
export function storedAddress(address: string): string | null {
  const plain = plainAddress(address);
  return isIP(plain) > 0 ? plain : null;
}
