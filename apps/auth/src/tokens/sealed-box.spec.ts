import { randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { SealedBox } from './sealed-box.js';

const box = new SealedBox(randomBytes(32));

describe('SealedBox', () => {
  it('opens what it sealed, and never seals the same text to the same bytes', () => {
    const sealed = [box.seal('secret', 'row-1'), box.seal('secret', 'row-1')] as const;

    expect(sealed.map((bytes) => box.open(bytes, 'row-1'))).toEqual(['secret', 'secret']);
    expect(sealed[0].equals(sealed[1])).toBe(false);
    expect(sealed[0].includes('secret')).toBe(false);
  });

  it('opens nothing under another key', () => {
    expect(() => new SealedBox(randomBytes(32)).open(box.seal('secret', 'row-1'), 'row-1')).toThrow();
  });

  it('opens nothing that was moved to another row', () => {
    expect(() => box.open(box.seal('secret', 'row-1'), 'row-2')).toThrow();
  });

  it('opens nothing of which a single bit was changed', () => {
    const sealed = box.seal('secret', 'row-1');
    for (const at of sealed.keys()) {
      const changed = Buffer.from(sealed);
      changed.writeUInt8(changed.readUInt8(at) ^ 1, at);
      expect(() => box.open(changed, 'row-1')).toThrow();
    }
  });
});
