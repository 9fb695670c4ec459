import { describe, expect, it } from '@jest/globals';
import type { IncomingHttpHeaders } from 'node:http';
import { decisions, type CredentialCase } from '../../test/edge/decisions.js';
import { readCredential } from './credential.js';

const cases = decisions.credentials;

/** As Node gives them under `joinDuplicateHeaders`. */
const joined = (headers: CredentialCase['headers']): IncomingHttpHeaders =>
  headers.reduce<Record<string, string>>((all, [name, value]) => {
    all[name] = name in all ? `${String(all[name])}, ${value}` : value;
    return all;
  }, {});

describe('a credential, by the cases that Kong’s plugin is held to', () => {
  it.each(cases.filter(({ code }) => !code))('is taken: $name', ({ headers, kind, text }) => {
    expect(readCredential(joined(headers))).toEqual({ kind, text });
  });

  it.each(cases.filter(({ code }) => code))('is refused: $name', ({ headers, code, detail }) => {
    expect(() => readCredential(joined(headers))).toThrow(
      expect.objectContaining({ code, text: detail === undefined ? {} : { detail } }),
    );
  });
});
