import { expect, it } from '@jest/globals';
import { Lines } from './lines.js';

const read = (sut: Lines, ...chunks: string[]) => chunks.flatMap((chunk) => [...sut.read(Buffer.from(chunk))]);

it('puts a line together that comes in pieces, a character cut in two included', () => {
  const sut = new Lines(100);
  const [e, more] = [Buffer.from('é').subarray(0, 1), Buffer.from('é').subarray(1)];
  expect([...sut.read(Buffer.concat([Buffer.from('one\ntw'), e]))]).toEqual(['one']);
  expect([...sut.read(Buffer.concat([more, Buffer.from('\n\n')]))]).toEqual(['twé', '']);
});

it('gives a line of exactly the limit, and the ends alone of one that is a byte longer', () => {
  const line = 'x'.repeat(1_000);
  expect(read(new Lines(1_000), `${line}\n`)).toEqual([line]);
  expect(read(new Lines(999), `${line}\n`)).toEqual([{ head: 'x'.repeat(256), tail: 'x'.repeat(256), bytes: 1_000 }]);
});

it('skips a long line up to its end, however it is cut, and goes on with the next', () => {
  const line = `start${'.'.repeat(5_000)}end`;
  for (const size of [1, 7, 100, 5_008]) {
    const chunks = Array.from({ length: Math.ceil(line.length / size) }, (_, i) =>
      line.slice(i * size, (i + 1) * size),
    );
    const [long, next] = read(new Lines(300), ...chunks, '\nnext\n');
    expect(long).toEqual({ head: line.slice(0, 256), tail: line.slice(-256), bytes: line.length });
    expect(next).toBe('next');
  }
});

it('says how much has come of a line without an end', () => {
  const sut = new Lines(256);
  read(sut, 'done\n', 'x'.repeat(400), 'x'.repeat(2));
  expect(sut.openBytes).toBe(402);
});
