import Anthropic from '@anthropic-ai/sdk';
import OpenAI from 'openai';

/** The platform under test, as `npm run stack -- env` describes it. */
function required(name: string): string {
  const value = process.env[name];
  if (value === undefined || value === '') throw new Error(`${name} is not set; run these tests through npm test`);
  return value;
}

export const url = required('PARLEY_URL');
export const demoKey = required('PARLEY_API_KEY');
export const owner = { email: required('PARLEY_ADMIN_EMAIL'), password: required('PARLEY_ADMIN_PASSWORD') };

/** Official clients, given base URL and key only; retries off so that each test sees the first answer. */
export const openai = (apiKey = demoKey) => new OpenAI({ baseURL: `${url}/v1`, apiKey, maxRetries: 0 });
export const anthropic = (apiKey = demoKey) => new Anthropic({ baseURL: url, apiKey, maxRetries: 0 });

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly json: () => Record<string, unknown>;
}

interface Call {
  readonly key?: string | undefined;
  readonly body?: unknown;
  readonly headers?: Record<string, string>;
}

/** One plain HTTP call; a string body goes out as it is, anything else as JSON. */
export async function call(method: string, path: string, { key, body, headers = {} }: Call = {}): Promise<Answer> {
  const response = await fetch(url + path, {
    method,
    headers: {
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(key === undefined ? {} : { authorization: `Bearer ${key}` }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  return {
    status: response.status,
    headers: response.headers,
    text,
    json: () => JSON.parse(text) as Record<string, unknown>,
  };
}

export interface Tokens {
  readonly access_token: string;
  readonly refresh_token: string;
}

export async function login(): Promise<Tokens> {
  const answer = await call('POST', '/v1/auth/login', { body: owner });
  if (answer.status !== 200) throw new Error(`login answered ${answer.status}: ${answer.text}`);
  return answer.json() as unknown as Tokens;
}

export interface NewKey {
  readonly id: string;
  readonly key: string;
}

/** The owner's login that makes the keys of a file: logins from one address are limited. */
let keyMaker: Promise<Tokens> | undefined;

/** A key of its own for a test, so that its usage and its limit are its own. */
export async function newKey(options: Record<string, unknown> = {}): Promise<NewKey> {
  const { access_token } = await (keyMaker ??= login());
  const answer = await call('POST', '/v1/api-keys', { key: access_token, body: { name: 'a test', ...options } });
  if (answer.status !== 201) throw new Error(`creating a key answered ${answer.status}: ${answer.text}`);
  return answer.json() as unknown as NewKey;
}

export const question = [{ role: 'user' as const, content: 'How far is the moon?' }];
export const model = 'offline-small';
