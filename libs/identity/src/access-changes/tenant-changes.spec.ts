import { describe, expect, it } from '@jest/globals';
import type { AccessChange } from '@parley/contracts';
import { TenantChanges, type TokenOrigin } from './tenant-changes.js';

const changedAt = Date.UTC(2026, 0, 1);
const atAfter = (ms: number): string => new Date(changedAt + ms).toISOString();
const until = new Date(changedAt + 60_000).toISOString();

const token = (parts: Partial<TokenOrigin> = {}): TokenOrigin => ({
  tenantId: 'tenant',
  issuedAt: changedAt - 1_000,
  subject: 'user',
  actors: [],
  revocable: ['token'],
  permissions: new Set(['usage:read', 'sessions:write', 'tools:invoke:files.read']),
  inherits: false,
  ...parts,
});

const removed = (byMs = 0): AccessChange => ({ kind: 'subject_removed', id: 'user', at: atAfter(byMs), until });
const now = (id: string, permissions: string[], byMs = 0): AccessChange => ({
  kind: 'permissions_changed',
  ...{ id, at: atAfter(byMs), until, permissions },
});

function after(...changes: AccessChange[]): TenantChanges {
  const sut = new TenantChanges();
  changes.forEach((change, place) => {
    sut.add(change, change.kind === 'permissions_changed' ? new Set(change.permissions) : undefined, place + 1);
  });
  return sut;
}

describe('a token', () => {
  it('of which nothing was said keeps what it has', () => {
    const { permissions } = token();
    expect(after(now('another', ['usage:read'])).judge(token({ permissions }))).toBe(permissions);
  });

  it.each(['token', 'ancestor', 'key', 'login'])('dies with its %s', (id) => {
    const sut = after({ kind: 'token_revoked', id, until });
    expect(sut.judge(token({ revocable: ['token', 'ancestor', 'key', 'login'] }))).toBeUndefined();
    expect(sut.judge(token({ revocable: ['other'] }))).toBeDefined();
  });

  it('dies with its subject, and with each who acts for it', () => {
    const sut = after(removed());
    expect(sut.judge(token())).toBeUndefined();
    expect(sut.judge(token({ subject: 'other', actors: ['agent', 'user'] }))).toBeUndefined();
    expect(sut.judge(token({ subject: 'other', actors: ['agent'] }))).toBeDefined();
  });

  it('that was issued after the change is not concerned', () => {
    const issuedAt = changedAt + 1_000;
    expect(after(removed()).judge(token({ issuedAt }))).toBeDefined();
    expect(after(now('user', [])).judge(token({ issuedAt }))?.size).toBe(3);
  });

  it('with all that its subject has gets what the subject has now', () => {
    const sut = after(now('user', ['usage:read', 'users:write']));
    expect(sut.judge(token({ inherits: true }))).toEqual(new Set(['usage:read', 'users:write']));
  });

  it('with a part of that keeps the part that the subject has still, and gets nothing more', () => {
    const sut = after(now('user', ['usage:read', 'users:write', 'tools:invoke']));
    expect(sut.judge(token())).toEqual(new Set(['usage:read', 'tools:invoke:files.read']));
  });

  it('of a key has what key and owner have', () => {
    const sut = after(now('key', ['usage:read', 'sessions:write']), now('user', ['sessions:write', 'tools:invoke']));
    expect(sut.judge(token({ keyId: 'key' }))).toEqual(new Set(['sessions:write']));
  });
});

describe('of the changes of a subject the latest holds', () => {
  const narrowed = now('user', []);
  const widened = now('user', ['usage:read', 'users:read'], 1);
  const orders = [
    ['as they were made', [narrowed, widened]],
    ['the other way round', [widened, narrowed]],
    ['with the first said again', [narrowed, widened, narrowed]],
  ] as const;

  it.each(orders)('heard %s', (_, changes) => {
    expect(after(...changes).judge(token({ inherits: true }))).toEqual(new Set(['usage:read', 'users:read']));
  });

  it('so one who was removed and is added again has what they are given', () => {
    expect(after(removed(), widened).judge(token({ inherits: true }))).toEqual(new Set(['usage:read', 'users:read']));
    expect(after(removed(2), widened).judge(token())).toBeUndefined();
  });
});

it('tells whether anything was heard since, of one of those asked for', () => {
  const sut = after(now('one', ['usage:read']), { kind: 'api_key_revoked', id: 'two', until });
  expect(sut.changedSince(0, ['one'])).toBe(true);
  expect(sut.changedSince(1, ['one', 'three'])).toBe(false);
  expect(sut.changedSince(1, ['one', 'two'])).toBe(true);
});
