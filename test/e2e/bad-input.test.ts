import { describe, expect, it } from '@jest/globals';
import Anthropic from '@anthropic-ai/sdk';
import OpenAI from 'openai';
import { anthropic, call, demoKey, model, openai, question, url, type Answer } from './platform.js';

const mebibyte = 1024 * 1024;

interface Surface {
  readonly path: string;
  readonly limit: number;
  readonly valid: Record<string, unknown>;
  /** What every error of this surface looks like. */
  readonly shape: (status: number) => Record<string, unknown>;
}

const surfaces: Record<string, Surface> = {
  'OpenAI chat completions': {
    path: '/v1/chat/completions',
    limit: 32 * mebibyte,
    valid: { model, messages: question },
    shape: () => ({ error: { message: expect.any(String), type: expect.any(String), code: expect.any(String) } }),
  },
  'OpenAI responses': {
    path: '/v1/responses',
    limit: 32 * mebibyte,
    valid: { model, input: 'How far is the moon?' },
    shape: () => ({ error: { message: expect.any(String), type: expect.any(String), code: expect.any(String) } }),
  },
  'Anthropic messages': {
    path: '/v1/messages',
    limit: 32 * mebibyte,
    valid: { model, max_tokens: 50, messages: question },
    shape: () => ({ type: 'error', error: { type: expect.any(String), message: expect.any(String) } }),
  },
  'API keys': {
    path: '/v1/api-keys',
    limit: mebibyte,
    valid: { name: 'a key' },
    shape: (status) => ({
      status,
      code: expect.any(String),
      title: expect.any(String),
      request_id: expect.any(String),
    }),
  },
  logins: {
    path: '/v1/auth/login',
    limit: mebibyte,
    valid: { email: 'nobody@example.com', password: 'a password' },
    shape: (status) => ({
      status,
      code: expect.any(String),
      title: expect.any(String),
      request_id: expect.any(String),
    }),
  },
};

describe.each(Object.entries(surfaces))('%s', (_, { path, limit, valid, shape }) => {
  const post = (body: unknown, headers: Record<string, string> = {}) =>
    call('POST', path, { key: demoKey, body, headers });
  const expectError = (answer: Answer, status: number) => {
    expect({ status: answer.status, body: answer.text.slice(0, 300) }).toMatchObject({ status });
    expect(answer.json()).toMatchObject(shape(status));
  };

  it('refuses JSON that is nested deeper than anybody means', async () => {
    const levels = 20_000;
    expectError(await post(`${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`), 400);
  });

  it.each(['{', '{"a":}', '[1,', 'model=x', '"'])('refuses malformed JSON: %j', async (body) => {
    expectError(await post(body), 400);
  });

  it.each([[[]], ['text'], [null], [7]])('refuses a body that is no object: %j', async (body) => {
    expectError(await post(JSON.stringify(body)), 400);
  });

  it('refuses a missing field and names it', async () => {
    for (const name of Object.keys(valid)) {
      const { [name]: _left, ...rest } = valid;
      const answer = await post(rest);
      expectError(answer, 400);
      expect(answer.text).toContain(name);
    }
  });

  it('refuses a wrong type and names the field', async () => {
    for (const name of Object.keys(valid)) {
      const answer = await post({ ...valid, [name]: { wrong: true } });
      expectError(answer, 400);
      expect(answer.text).toContain(name);
    }
  });

  it('refuses an unknown field and names it', async () => {
    const answer = await post({ ...valid, surprise_field: 1 });
    expectError(answer, 400);
    expect(answer.text).toContain('surprise_field');
  });

  it('refuses another content type', async () => {
    expectError(await post(JSON.stringify(valid), { 'content-type': 'text/plain' }), 415);
  });

  it('refuses another method and says which it takes', async () => {
    const answer = await call('PUT', path, { key: demoKey, body: valid });
    expectError(answer, 405);
    expect(answer.headers.get('allow')).toContain('POST');
  });

  it('refuses a body one byte over its limit, and reads one of just that size', async () => {
    const padded = (bytes: number) => {
      const text = JSON.stringify({ ...valid, surprise_field: '' });
      return text.replace('"surprise_field":""', `"surprise_field":"${'x'.repeat(bytes - text.length)}"`);
    };
    const fits = await post(padded(limit));
    expectError(fits, 400);
    expect(fits.text).toContain('surprise_field');
    expectError(await post(padded(limit + 1)), 413);
  });
});

describe('an unknown model', () => {
  it('is NotFoundError in both SDKs', async () => {
    await expect(openai().chat.completions.create({ model: 'no-such-model', messages: question })).rejects.toThrow(
      OpenAI.NotFoundError,
    );
    await expect(
      anthropic().messages.create({ model: 'no-such-model', max_tokens: 9, messages: question }),
    ).rejects.toThrow(Anthropic.NotFoundError);
  });
});

describe('a path that nothing serves', () => {
  it.each(['/nowhere', '/v1', '/v2/models', '/v1/modelsx', '/metrics', '/health/ready', '/internal/auth/exchange'])(
    'is a problem+json 404: %s',
    async (path) => {
      const answer = await call('GET', path, { key: demoKey });
      expect(answer.status).toBe(404);
      expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/);
      expect(answer.json()).toMatchObject({ code: 'request.not_found' });
    },
  );

  it.each([
    '/v1/models/../../internal/auth/exchange',
    '/v1/models/%2e%2e/%2e%2e/internal/auth/exchange',
    '/v1/auth/..%2f..%2finternal/auth/exchange',
    '/v1/auth//../../metrics',
    '/v1/auth/%2e%2e/%2e%2e/metrics',
  ])('stays out of reach by any spelling: %s', async (path) => {
    // Raw, since fetch would normalise the path before it is sent.
    const { request } = await import('node:http');
    const status = await new Promise<number | undefined>((resolve, reject) => {
      request(url, { path, method: 'POST', headers: { authorization: `Bearer ${demoKey}` } }, (answer) => {
        answer.resume();
        resolve(answer.statusCode);
      })
        .on('error', reject)
        .end();
    });
    expect([400, 404]).toContain(status);
  });
});

describe('queries', () => {
  it.each(['limit=0', 'limit=x', 'from=yesterday', 'api_key_id=1', 'surprise=1', 'cursor=garbage'])(
    'that do not fit are 400: %s',
    async (query) => {
      const answer = await call('GET', `/v1/analytics/usage?${query}`, { key: demoKey });
      expect(answer.status).toBe(400);
      expect(answer.json()).toMatchObject({ status: 400 });
    },
  );
});
