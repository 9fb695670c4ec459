import { randomBytes } from 'node:crypto';
import { crc32 } from 'node:zlib';

const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const prefix = 'ply_';
const secretBytes = 32;
/** 62^43 is just over 2^256, 62^6 over 2^32. */
const secretDigits = 43;
const checksumDigits = 6;
const shape = new RegExp(`^${prefix}[0-9A-Za-z]{${secretDigits + checksumDigits}}$`);

const base62 = (value: bigint, digits: number): string => {
  const text: string[] = [];
  for (let rest = value; text.length < digits; rest /= 62n) text.unshift(alphabet.charAt(Number(rest % 62n)));
  return text.join('');
};

/** Without BigInt, since every call with a key comes by here. */
function checksum(body: string): string {
  let digits = '';
  for (let rest = crc32(body); digits.length < checksumDigits; rest = Math.floor(rest / alphabet.length))
    digits = alphabet.charAt(rest % alphabet.length) + digits;
  return digits;
}

/** A new API key: `ply_`, 256 random bits as 43 digits of base 62, and the CRC-32 of those 47 characters as 6 more. */
export function mintApiKey(): string {
  const body = prefix + base62(BigInt(`0x${randomBytes(secretBytes).toString('hex')}`), secretDigits);
  return body + checksum(body);
}

/** True when form and checksum are right: a typo is told from a key without a look-up. Says nothing about validity. */
export const isWellFormedApiKey = (credential: string): boolean =>
  shape.test(credential) && checksum(credential.slice(0, -checksumDigits)) === credential.slice(-checksumDigits);
