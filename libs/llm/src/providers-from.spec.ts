import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { ConfigError, parseConfig } from '@parley/service-kit';
import { z } from 'zod';
import { providerConfig } from './config.js';
import { providersFrom } from './providers-from.js';
import { namedProviders } from './providers/named-provider.js';

const folder = mkdtempSync(join(tmpdir(), 'parley-providers-'));
afterAll(() => rmSync(folder, { recursive: true }));
const file = (name: string, content: string) => {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
};

type Variables = Record<string, string>;
const read = (env: Variables) => providersFrom(parseConfig(z.object(providerConfig), env), env);
const named = (providers: object, env: Variables = {}) => ({ ...env, PARLEY_PROVIDERS: JSON.stringify(providers) });
const labels = (env: Variables) => read(env).map(({ name, credential }) => `${name} ${credential}`);
const failuresOf = (env: Variables): readonly string[] => {
  try {
    read(env);
  } catch (error) {
    if (error instanceof ConfigError) return error.lines;
    throw error;
  }
  return [];
};
const vllm = { kind: 'openai', base_url: 'https://vllm.example.com/v1' };

describe('the providers of a configuration', () => {
  it('are none where nothing names one', () => {
    expect(read({})).toEqual([]);
  });

  it('are there once for each of their keys, which stand between commas', () => {
    expect(labels({ OPENAI_API_KEY: 'sk-a, sk-b', ANTHROPIC_API_KEY: 'sk-c' })).toEqual([
      'anthropic 1',
      'openai 1',
      'openai 2',
    ]);
  });

  it('need no key where their address is given', () => {
    expect(labels({ OPENAI_BASE_URL: 'http://127.0.0.1:11434/v1' })).toEqual(['openai 1']);
  });

  it('come from a file too, after those of the variables and in the file’s order', () => {
    const path = file('providers.json', JSON.stringify({ vllm, groq: vllm }));
    expect(labels({ OPENAI_API_KEY: 'sk-a', PARLEY_PROVIDERS_FILE: path })).toEqual(['openai 1', 'vllm 1', 'groq 1']);
  });

  it('take keys from variables, from files that variables name, and from files', () => {
    const api_keys = [{ env: 'ONE' }, { env: 'TWO' }, { file: file('three', 'k3\nk4\n') }];
    const env = { ONE: 'k1', TWO_FILE: file('two', 'k2\n') };
    expect(labels(named({ vllm: { ...vllm, api_keys } }, env))).toEqual(['vllm 1', 'vllm 2', 'vllm 3', 'vllm 4']);
  });

  it('are bounded as their entry says', () => {
    const limits = { max_concurrent: 4, max_queued: 2 };
    expect(read(named({ vllm: { ...vllm, limits } }))[0]?.places).toEqual({ maxConcurrent: 4, maxQueued: 2 });
  });

  it('make embeddings, or not, as their kind does', () => {
    const [openai, anthropic] = read(named({ vllm, other: { kind: 'anthropic', base_url: 'https://a.example.com' } }));
    expect(openai).toHaveProperty('embed');
    expect(anthropic).not.toHaveProperty('embed');
  });
});

it('the entries that the guide shows are taken as they stand', () => {
  const guide = readFileSync(new URL('../../../docs/guides/add-a-provider.md', import.meta.url), 'utf8');
  const examples = [...guide.matchAll(/^```json\n([^]*?)^```$/gm)].map(([, json = '']) => JSON.parse(json) as object);
  expect(examples.length).toBeGreaterThan(3);
  expect(examples.map((example) => namedProviders.safeParse(example).error)).toEqual(examples.map(() => undefined));
});

describe('an address', () => {
  it.each([
    ['http://127.0.0.1:8000/v1', 'internet'],
    ['http://localhost:11434/v1', 'internet'],
    ['http://[::1]:8080/v1', 'internet'],
    ['http://10.1.2.3:8000/v1', 'private'],
    ['http://[fd00::1]:8000/v1', 'private'],
    ['http://ollama.models.svc:11434/v1', 'private'],
    ['https://api.groq.com/openai/v1', 'internet'],
  ])('%s is taken on the network "%s"', (base_url, network) => {
    expect(read(named({ one: { kind: 'openai', base_url, network } }))).toHaveLength(1);
  });

  it.each([
    ['http://api.groq.com/v1', 'internet', 'must be https, unless the provider says "network": "private"'],
    ['http://10.1.2.3/v1', 'internet', 'must be https, unless the provider says "network": "private"'],
    ['http://8.8.8.8/v1', 'private', 'must be https: its address is a public one'],
    ['https://user:secret@example.com/v1', 'internet', 'must hold no credential: give it in api_keys'],
    ['https://example.com/v1?key=secret', 'internet', 'must end with its path'],
  ])('%s is refused on the network "%s"', (base_url, network, rule) => {
    const failures = failuresOf(named({ one: { kind: 'openai', base_url, network } }));
    expect(failures).toEqual([`PARLEY_PROVIDERS.one.base_url: ${rule}`]);
  });
});

describe('a configuration that does not fit', () => {
  it('stops the start with the path and the rule of each fault, and the value of none', () => {
    const providers = {
      one: { kind: 'ollama', base_url: 'secret' },
      two: { ...vllm, api_keys: ['sk-secret'] },
      three: { ...vllm, api_keys: [{ env: 'A', file: 'b' }] },
      four: { ...vllm, limits: { max_concurrent: 0 } },
      five: { ...vllm, key: 'sk-secret' },
    };
    const failures = failuresOf(named(providers));
    expect(failures.map((line) => line.split(':')[0])).toEqual([
      'PARLEY_PROVIDERS.one.kind',
      'PARLEY_PROVIDERS.one.base_url',
      'PARLEY_PROVIDERS.two.api_keys.0',
      'PARLEY_PROVIDERS.three.api_keys.0',
      'PARLEY_PROVIDERS.four.limits.max_concurrent',
      'PARLEY_PROVIDERS.five',
    ]);
    expect(failures.join()).not.toContain('secret');
  });

  it.each(['parley', 'Vllm', 'a/b', ''])('with a provider called "%s" says what a name is', (name) => {
    expect(failuresOf(named({ [name]: vllm }))).toEqual([
      expect.stringMatching(/^PARLEY_PROVIDERS\b.*(must be|is the)/),
    ]);
  });

  it('that is not JSON says so, and does not repeat it', () => {
    expect(failuresOf({ PARLEY_PROVIDERS: '{"vllm": sk-secret' })).toEqual(['PARLEY_PROVIDERS: is not JSON']);
  });

  it('by keys that are not there or not usable names where they should be, and no key', () => {
    const api_keys = [{ env: 'NONE' }, { file: '/nowhere/sk-secret' }, { file: file('empty', '\n') }];
    expect(failuresOf(named({ vllm: { ...vllm, api_keys: api_keys.slice(0, 1) } }))).toEqual(['NONE: is not set']);
    expect(failuresOf(named({ vllm: { ...vllm, api_keys: api_keys.slice(1, 2) } }))).toEqual([
      'PARLEY_PROVIDERS.vllm.api_keys.0: its file cannot be read (ENOENT)',
    ]);
    expect(failuresOf(named({ vllm: { ...vllm, api_keys: api_keys.slice(2) } }))).toEqual([
      'PARLEY_PROVIDERS.vllm.api_keys.0: holds no key',
    ]);
    expect(failuresOf({ OPENAI_API_KEY: 'sk-a,sk-a' })).toEqual(['OPENAI_API_KEY: holds the same key twice']);
    expect(failuresOf({ OPENAI_API_KEY: 'sk-ä' })).toEqual(['OPENAI_API_KEY: holds a key that no header can carry']);
  });

  it('with one name for two providers says which', () => {
    expect(failuresOf(named({ openai: vllm }, { OPENAI_API_KEY: 'sk-a' }))).toEqual([
      'PARLEY_PROVIDERS.openai: variables configure it too; one of them must go',
    ]);
  });
});
