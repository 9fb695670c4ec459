import { randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { mintApiKey } from '@parley/identity';
import { parseConfig } from '@parley/service-kit';
import { config } from './config.js';

const needed = {
  DATABASE_URL: 'postgres://localhost/parley_auth',
  DATABASE_SYSTEM_URL: 'postgres://localhost/parley_auth',
  AMQP_URL: 'amqp://localhost',
  REDIS_URL: 'redis://localhost',
  AUTH_ENCRYPTION_KEY: randomBytes(32).toString('base64'),
};
const owner = {
  PARLEY_BOOTSTRAP_EMAIL: 'owner@acme.example',
  PARLEY_BOOTSTRAP_PASSWORD: 'correct horse',
  PARLEY_BOOTSTRAP_TENANT: 'Acme',
};

function failure(env: Record<string, string>): string {
  try {
    parseConfig(config, { ...needed, ...env });
    return '';
  } catch (error) {
    return String(error);
  }
}

describe('the configuration', () => {
  it('has safe defaults for everything but addresses and the encryption key', () => {
    expect(parseConfig(config, needed)).toMatchObject({
      PORT: 4001,
      ACCESS_TOKEN_TTL_S: 300,
      REFRESH_TOKEN_TTL_S: 2_592_000,
      API_KEY_TOKEN_TTL_S: 60,
      LOGIN_ATTEMPTS_PER_MINUTE: 100,
      PARLEY_REGISTRATION: 'invite',
    });
  });

  it('takes a first owner with a key or without', () => {
    expect(failure(owner)).toBe('');
    expect(failure({ ...owner, PARLEY_BOOTSTRAP_API_KEY: mintApiKey() })).toBe('');
  });

  it('refuses a first key with a wrong checksum by name, and does not show it', () => {
    const key = `${mintApiKey().slice(0, -6)}000000`;

    const message = failure({ ...owner, PARLEY_BOOTSTRAP_API_KEY: key });

    expect(message).toContain('PARLEY_BOOTSTRAP_API_KEY: must be an API key with a right checksum');
    expect(message).not.toContain(key);
  });

  it.each([
    ['half an owner', { PARLEY_BOOTSTRAP_EMAIL: 'owner@acme.example' }],
    ['a key without an owner', { PARLEY_BOOTSTRAP_API_KEY: mintApiKey() }],
  ])('refuses %s', (_, env) => {
    expect(failure(env)).toContain('PARLEY_BOOTSTRAP_EMAIL');
  });

  it.each([
    ['PASSWORD_MEMORY_KIB', '19455'],
    ['PASSWORD_PASSES', '1'],
  ])('refuses %s=%s, which is less than OWASP takes', (name, value) => {
    expect(failure({ [name]: value })).toContain(name);
  });

  it.each(['', 'short', randomBytes(31).toString('base64'), randomBytes(33).toString('base64'), 'ä'.repeat(44)])(
    'refuses %j as an encryption key by name, and does not show it',
    (key) => {
      const message = failure({ AUTH_ENCRYPTION_KEY: key });

      expect(message).toContain('AUTH_ENCRYPTION_KEY');
      if (key !== '') expect(message).not.toContain(key);
    },
  );
});
