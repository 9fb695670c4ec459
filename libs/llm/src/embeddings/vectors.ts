import type { Vector, VectorFormat } from './embedding.js';

const bytesPerNumber = 4;

/** How many numbers it has. */
export const lengthOf = (vector: Vector): number =>
  typeof vector === 'string' ? Buffer.byteLength(vector, 'base64') / bytesPerNumber : vector.length;

function toBase64(numbers: readonly number[]): string {
  const bytes = Buffer.allocUnsafe(numbers.length * bytesPerNumber);
  numbers.forEach((number, index) => bytes.writeFloatLE(number, index * bytesPerNumber));
  return bytes.toString('base64');
}

function fromBase64(text: string): number[] {
  const bytes = Buffer.from(text, 'base64');
  const length = Math.floor(bytes.length / bytesPerNumber);
  return Array.from({ length }, (_, index) => bytes.readFloatLE(index * bytesPerNumber));
}

/** In the format that was asked for: some servers know one alone, whatever they are asked. */
export function inFormat(vector: Vector, format: VectorFormat): Vector {
  if (format === 'base64') return typeof vector === 'string' ? vector : toBase64(vector);
  return typeof vector === 'string' ? fromBase64(vector) : vector;
}
