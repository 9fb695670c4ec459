import { describe, expect, it } from '@jest/globals';
import { Metrics } from '@parley/service-kit';
import { PasswordParameters } from './password-parameters.js';
import { Passwords } from './passwords.js';

function newPasswords({ PASSWORD_MEMORY_KIB = 19_456, PASSWORD_PASSES = 2 } = {}) {
  const metrics = new Metrics();
  return { sut: new Passwords(new PasswordParameters({ PASSWORD_MEMORY_KIB, PASSWORD_PASSES }), metrics), metrics };
}

describe('Passwords', () => {
  it('hashes by argon2id with the configured parameters and a salt per password', async () => {
    const { sut } = newPasswords({ PASSWORD_MEMORY_KIB: 20_000, PASSWORD_PASSES: 3 });
    const [one, two] = await Promise.all([sut.hash('correct horse'), sut.hash('correct horse')]);

    expect(one).toMatch(/^\$argon2id\$v=19\$m=20000,t=3,p=1\$/);
    expect(one).not.toBe(two);
  });

  it('tells the right password from a wrong one', async () => {
    const { sut } = newPasswords();
    const hash = await sut.hash('correct horse');

    expect(await sut.matches('correct horse', hash)).toBe(true);
    expect(await sut.matches('correct horsf', hash)).toBe(false);
  });

  it('lets nobody in where there is no account, and verifies a hash all the same', async () => {
    const { sut, metrics } = newPasswords();
    const hash = await sut.hash('correct horse');

    expect(await sut.matches('correct horse', undefined)).toBe(false);
    expect(await sut.matches('wrong', hash)).toBe(false);

    const counts = await metrics.expose();
    expect(counts).toContain('password_checks_total{compared="nobody"} 1');
    expect(counts).toContain('password_checks_total{compared="account"} 1');
  });

  it('knows a hash that is weaker than one made today', async () => {
    const now = newPasswords({ PASSWORD_MEMORY_KIB: 20_000, PASSWORD_PASSES: 3 }).sut;
    const [lessMemory, fewerPasses, same, more] = await Promise.all(
      [
        { PASSWORD_MEMORY_KIB: 19_456, PASSWORD_PASSES: 3 },
        { PASSWORD_MEMORY_KIB: 20_000, PASSWORD_PASSES: 2 },
        { PASSWORD_MEMORY_KIB: 20_000, PASSWORD_PASSES: 3 },
        { PASSWORD_MEMORY_KIB: 20_480, PASSWORD_PASSES: 4 },
      ].map((parameters) => newPasswords(parameters).sut.hash('correct horse')),
    );

    expect([lessMemory, fewerPasses, same, more].map((hash) => now.isOutdated(hash ?? ''))).toEqual([
      true,
      true,
      false,
      false,
    ]);
    expect(now.isOutdated('$2b$12$abcdefghijklmnopqrstuv')).toBe(true);
  });
});
