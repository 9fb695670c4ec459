import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { givenProviders } from './providers.ts';

const folder = mkdtempSync(join(tmpdir(), 'parley-providers-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe('the providers of an environment', () => {
  it('are none where it names none', () => {
    expect(givenProviders({ PATH: '/bin', OPENAI_API_KEY: '' })).toBeUndefined();
  });

  it('are its list, and the variables that this takes keys from', () => {
    const file = join(folder, 'providers.json');
    writeFileSync(file, JSON.stringify({ vllm: { api_keys: [{ env: 'VLLM_KEY' }, { env: 'OTHER_KEY' }] } }));
    const env = { PARLEY_PROVIDERS_FILE: file, VLLM_KEY: 'k1', OTHER_KEY_FILE: '/run/secrets/k2', PATH: '/bin' };
    expect(givenProviders(env)).toEqual({
      PARLEY_PROVIDERS_FILE: file,
      VLLM_KEY: 'k1',
      OTHER_KEY_FILE: '/run/secrets/k2',
    });
  });

  it('stop the start where the list cannot be read', () => {
    expect(() => givenProviders({ PARLEY_PROVIDERS_FILE: join(folder, 'none.json') })).toThrow(
      /^PARLEY_PROVIDERS_FILE cannot be read/,
    );
  });
});
