import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { ConfigError, parseConfig } from './config.js';
import { defineConfig } from './service.config.js';

const schema = z.object({
  API_KEY: z.string().min(5),
  LIMIT: z.coerce.number().int().max(10).default(3),
  MODE: z.enum(['fast', 'safe']).optional(),
});

const folder = mkdtempSync(join(tmpdir(), 'parley-config-'));
afterAll(() => rmSync(folder, { recursive: true }));
const file = (content: string) => {
  const path = join(folder, 'secret');
  writeFileSync(path, content);
  return path;
};

const failuresOf = (read: () => unknown): readonly string[] => {
  try {
    read();
  } catch (error) {
    if (error instanceof ConfigError) return error.lines;
    throw error;
  }
  return [];
};

describe('a configuration', () => {
  it('takes what its schema names, with defaults for the rest', () => {
    expect(parseConfig(schema, { API_KEY: 'abcde', OTHER: 'x' })).toEqual({ API_KEY: 'abcde', LIMIT: 3 });
  });

  it('takes an empty variable for one that is not set', () => {
    expect(parseConfig(schema, { API_KEY: 'abcde', LIMIT: '', MODE: '' })).toEqual({ API_KEY: 'abcde', LIMIT: 3 });
  });

  it('reads any variable from the file that NAME_FILE names, without its last line break', () => {
    expect(parseConfig(schema, { API_KEY_FILE: file('from file\n\n') })).toMatchObject({ API_KEY: 'from file\n' });
    expect(parseConfig(schema, { API_KEY: 'abcde', LIMIT_FILE: file('7\r\n') })).toMatchObject({ LIMIT: 7 });
  });

  it('is refused with the name and the rule of every bad variable, and the value of none', () => {
    const lines = failuresOf(() => parseConfig(schema, { API_KEY: 'hunt', LIMIT: '4711', MODE: 'reckless' }));
    expect(lines).toEqual([
      expect.stringMatching(/^API_KEY: .*5 characters/),
      expect.stringMatching(/^LIMIT: .*<=10/),
      expect.stringMatching(/^MODE: .*"fast"\|"safe"/),
    ]);
    expect(lines.join()).not.toMatch(/hunt|4711|reckless/);
  });

  it('says that a variable is required, rather than of what type it is', () => {
    expect(failuresOf(() => parseConfig(schema, {}))).toEqual(['API_KEY: is required']);
  });

  it('is refused where a variable is given twice, or its file cannot be read', () => {
    const given = { API_KEY: 'abcde', API_KEY_FILE: file('abcde'), LIMIT_FILE: join(folder, 'none') };
    expect(failuresOf(() => parseConfig(schema, given))).toEqual([
      'API_KEY: is set, and so is API_KEY_FILE; one of them must go',
      'LIMIT: the file that LIMIT_FILE names cannot be read (ENOENT)',
    ]);
  });

  it('is refused by rules over several variables, by name', () => {
    const pair = schema.refine((c) => c.LIMIT > 5, { path: ['LIMIT'], message: 'must be above 5' });
    expect(failuresOf(() => parseConfig(pair, { API_KEY: 'abcde' }))).toEqual(['LIMIT: must be above 5']);
  });
});

describe('the configuration of a service', () => {
  it('works without any variable, at an address of this machine alone', () => {
    expect(parseConfig(defineConfig({}), {})).toMatchObject({ PORT: 0, HOST: '127.0.0.1', LOG_LEVEL: 'info' });
  });

  it('gives each process an instance id of its own', () => {
    const id = () => parseConfig(defineConfig({}), {}).PARLEY_INSTANCE_ID;
    expect(id()).not.toBe(id());
  });

  it('lets an app override a default', () => {
    expect(parseConfig(defineConfig({ PORT: z.coerce.number().default(4001) }), {}).PORT).toBe(4001);
  });

  it('takes addresses and blocks of trusted proxies, and nothing else', () => {
    const proxies = (list: string) => parseConfig(defineConfig({}), { PARLEY_TRUSTED_PROXIES: list });
    expect(proxies('10.0.0.0/8, ::1').PARLEY_TRUSTED_PROXIES).toEqual(['10.0.0.0/8', '::1']);
    expect(failuresOf(() => proxies('everybody'))).toHaveLength(1);
  });
});
