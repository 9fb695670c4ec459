import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { accessTokenClaims, allPermissions, coveringGrant, maxActors, type AccessTokenClaims } from '@parley/contracts';
import fc from 'fast-check';
import { delegate, type Delegation } from './delegation.js';

const times = { iat: 1, nbf: 1, exp: 301 };
const subject: AccessTokenClaims = {
  iss: 'parley-auth',
  aud: 'parley',
  sub: randomUUID(),
  sub_type: 'user',
  tenant_id: randomUUID(),
  jti: randomUUID(),
  ...times,
  permissions: ['models:read', 'tools:invoke'],
  inherits: true,
  login_id: randomUUID(),
};
const actor = (id: string = randomUUID()) => ({ id, ancestors: [randomUUID()] });
const delegation = (over: Partial<Delegation> = {}): Delegation => ({
  subject,
  held: new Set(subject.permissions),
  actor: actor(),
  scope: undefined,
  ...over,
});
const code = (name: string) => expect.objectContaining({ code: name });

/** The token that a token of such a grant has. */
const tokenOf = (grant: ReturnType<typeof delegate>): AccessTokenClaims =>
  accessTokenClaims.parse({ ...subject, inherits: undefined, ...grant, jti: randomUUID() });

describe('delegation', () => {
  it('names who acts, for whom, by which token and secret, and does not follow what the subject gets later', () => {
    const grant = delegate(delegation({ actor: { id: 'agent', ancestors: ['secret'] } }));
    expect(grant).toMatchObject({ sub: subject.sub, act: { sub: 'agent' }, ancestors: [subject.jti, 'secret'] });
    expect(grant).not.toHaveProperty('inherits');
  });

  it('from hand to hand keeps every hand, token and secret', () => {
    const [agent, tool] = [actor(), actor()];
    const agents = tokenOf(delegate(delegation({ actor: agent })));
    const grant = delegate(delegation({ subject: agents, actor: tool }));
    expect(grant).toMatchObject({
      act: { sub: tool.id, act: { sub: agent.id } },
      ancestors: [agents.jti, subject.jti, ...agent.ancestors, ...tool.ancestors],
    });
  });

  it('keeps the key, the login, the limits and the models that bound the subject', () => {
    const bounds = { key_id: randomUUID(), limits: { requests_per_minute: 7 }, models: ['small'] };
    const bounded = { ...subject, ...bounds };
    expect(delegate(delegation({ subject: bounded }))).toMatchObject({ ...bounds, login_id: subject.login_id });
  });

  it(`ends after ${maxActors} hands`, () => {
    let token = subject;
    for (let hand = 0; hand < maxActors; hand++) token = tokenOf(delegate(delegation({ subject: token })));
    expect(() => delegate(delegation({ subject: token }))).toThrow(code('oauth.invalid_request'));
  });

  it('gives what is still held, whatever the token says', () => {
    expect(delegate(delegation({ held: new Set(['models:read']) })).permissions).toEqual(['models:read']);
    expect(() => delegate(delegation({ held: new Set(), scope: 'models:read' }))).toThrow(code('oauth.invalid_scope'));
  });

  it.each(['users:write', 'models:read users:write', 'models:read:x', 'tools', '*', 'tools:invoke:', 'MODELS:READ'])(
    'refuses a scope beyond it: %j',
    (scope) => {
      expect(() => delegate(delegation({ scope }))).toThrow(code('oauth.invalid_scope'));
    },
  );

  it('narrows to what is asked for, down to a single tool', () => {
    const scope = 'tools:invoke:everything.echo  models:read models:read';
    expect(delegate(delegation({ scope })).permissions).toEqual(['tools:invoke:everything.echo', 'models:read']);
  });

  it('never gives more than is held, whatever is held and asked for', () => {
    const grants = fc.constantFrom(...allPermissions, 'tools:invoke:a.b', 'tools:invoke:c.d', 'admin:all');
    fc.assert(
      fc.property(fc.array(grants), fc.option(fc.array(grants), { nil: undefined }), (some, asked) => {
        const held = new Set<string>(some);
        try {
          const { permissions } = delegate(delegation({ held, scope: asked?.join(' ') }));
          expect(permissions.every((permission) => coveringGrant(held, permission) !== undefined)).toBe(true);
        } catch (error) {
          expect(error).toMatchObject({ code: 'oauth.invalid_scope' });
        }
      }),
    );
  });
});
