import { randomBytes } from 'node:crypto';
import { crc32 } from 'node:zlib';

const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

function base62(value: bigint, digits: number): string {
  let text = '';
  for (let rest = value; text.length < digits; rest /= 62n) text = alphabet.charAt(Number(rest % 62n)) + text;
  return text;
}

/** A key in the form that libs/identity (api-key.ts) defines: `ply_`, 43 digits of secret, 6 of CRC-32, in base 62. */
export function mintDemoKey(): string {
  const body = `ply_${base62(BigInt(`0x${randomBytes(32).toString('hex')}`), 43)}`;
  return body + base62(BigInt(crc32(body)), 6);
}
