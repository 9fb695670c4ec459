import { describe, expect, it } from '@jest/globals';
import { Passwords } from './passwords.js';

const sut = new Passwords();

describe('Passwords', () => {
  it('hashes by argon2id with the OWASP parameters and a salt per password', async () => {
    const [one, two] = await Promise.all([sut.hash('correct horse'), sut.hash('correct horse')]);

    expect(one).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect(one).not.toBe(two);
  });

  it('tells the right password from a wrong one', async () => {
    const hash = await sut.hash('correct horse');

    expect(await sut.matches('correct horse', hash)).toBe(true);
    expect(await sut.matches('correct horsf', hash)).toBe(false);
  });

  it('lets nobody in where there is no account, and does the work of a comparison', async () => {
    const hash = await sut.hash('correct horse');
    const duration = async (passwordHash?: string): Promise<number> => {
      const startedAt = performance.now();
      expect(await sut.matches('wrong', passwordHash)).toBe(false);
      return performance.now() - startedAt;
    };
    const fastestOf5 = async (passwordHash?: string): Promise<number> => {
      const durations: number[] = [];
      for (let run = 0; run < 5; run++) durations.push(await duration(passwordHash));
      return Math.min(...durations);
    };

    expect(await fastestOf5()).toBeGreaterThan((await fastestOf5(hash)) / 3);
  });
});
